"""Wrong data is found, located and told apart from everything else that can go wrong."""

import unittest

from harness import CHECK_FAILED, PodbenchTest

REQUEST = ("run", "--pattern", "allreduce", "--algorithm", "ring", "--bytes", "4Ki", "--ranks", "3",
           "--time-per-case", "50ms")


class Faults(PodbenchTest):
    def test_a_flipped_bit_is_located(self):
        for transport in ("shm", "tcp"):
            with self.subTest(transport=transport):
                file = f"{transport}.h5"
                result = self.podbench(*REQUEST, "--transport", transport, "--fault", "flip:rank=1,after=3",
                                       "--out", self.folder / file)
                self.assertEqual(result.code, CHECK_FAILED, result)
                self.assertRegex(result.stderr, r"rank \d, element \d+: expected \S+, found \S+")
                (case,) = self.exported(file)["cases"]
                self.assertEqual(case["status"], "wrong data", case)

    def test_without_the_check_nobody_sees_it(self):
        """The check is what finds it: the same fault with the check off passes."""
        self.succeed(*REQUEST, "--transport", "shm", "--fault", "flip:rank=1,after=3", "--check", "off")

    def test_a_fault_that_makes_no_sense(self):
        for fault in ("flop:rank=1", "flip:rank=x", "flip:"):
            with self.subTest(fault=fault):
                self.refuse(*REQUEST, "--transport", "shm", "--fault", fault)


if __name__ == "__main__":
    unittest.main()
