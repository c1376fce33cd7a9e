"""Places that cannot be written: exit 4, one reason, and what was measured is kept.

The small disks are tmpfs mounts in a mount namespace of the test's own, which takes root.
"""

import os
import shutil
import unittest

from harness import NOT_COMPLETED, PODBENCH, PodbenchTest

REQUEST = ("run --transport shm --pattern allreduce --algorithm ring --bytes 8:4Mi:x2 --ranks 2 "
           "--time-per-case 30ms --quiet")


@unittest.skipUnless(os.geteuid() == 0 and shutil.which("unshare"), "needs root for a small disk of its own")
class Disks(PodbenchTest):
    def on_disk(self, options, script):
        """Runs a shell script in ./disk, a fresh tmpfs; the mount goes with its namespace.

        Where / is no mount point, as in a chroot, mounts cannot be made private as a whole: then the unmounting
        at the end takes back what others may have seen of this one.
        """
        (self.folder / "disk").mkdir(exist_ok=True)
        whole = (f"mount --make-rprivate / 2>/dev/null; mount -t tmpfs -o {options} tmpfs disk && cd disk && shift && "
                 f"{script}; cd .. && umount disk")
        running = self.start(before=("unshare", "--mount", "--propagation", "unchanged", "sh", "-c", whole, "sh"))
        return running.finish()

    def test_a_disk_that_fills_while_cases_finish(self):
        result = self.on_disk("size=64k", f"""
            {PODBENCH} {REQUEST} --out run.h5; echo "exit $?"; ls
            mount -o remount,size=64m . && {PODBENCH} recover run.spool >&2; echo "recover $?"
            {PODBENCH} export run.h5 --as csv | wc -l""")
        self.assertIn(f"exit {NOT_COMPLETED}\nrun.spool\n", result.stdout, result)
        self.assertRegex(result.stderr, "(?i)no space left|disk (is )?full")
        self.assertIn("recover 0\n", result.stdout, result)
        self.assertGreaterEqual(int(result.stdout.split()[-1]), 2, result)  # a heading and a case at least

    def test_a_disk_too_small_for_anything(self):
        result = self.on_disk("size=4k", f'{PODBENCH} {REQUEST} --out run.h5; echo "exit $?"')
        self.assertIn(f"exit {NOT_COMPLETED}\n", result.stdout, result)
        self.assertRegex(result.stderr, "(?i)no space left|disk (is )?full")

    def test_a_folder_that_cannot_be_written(self):
        result = self.on_disk("ro", f'{PODBENCH} {REQUEST} --out run.h5; echo "exit $?"')
        self.assertIn(f"exit {NOT_COMPLETED}\n", result.stdout, result)
        self.assertEqual(len(result.error_lines), 1, result)
        self.assertRegex(result.stderr, "(?i)read-only")


class Folders(PodbenchTest):
    def test_a_folder_that_is_a_file(self):
        (self.folder / "file").write_text("")
        self.refuse(*REQUEST.split(), "--out", self.folder / "file" / "run.h5", code=NOT_COMPLETED, says=("file",))


if __name__ == "__main__":
    unittest.main()
