"""Each rule must complain about what it forbids, and be silent about what is allowed beside it."""

import unittest
from types import SimpleNamespace

import rules

CONTEXT = SimpleNamespace(root="/home/somebody/podbench", transports={"shm", "tcp", "ucx"},
                          exists=lambda path: path == "docs/cli.md")

# rule, path, text that breaks it, text that does not
CASES = (
    (rules.who_includes_whom, "results/a.cpp", '#include "bench/case.hpp"\n', '#include "base/clock.hpp"\n'),
    (rules.who_includes_whom, "analysis/a.hpp", '#include "transports/wait.hpp"\n',
     '#include "results/record.hpp"\n'),
    (rules.transports_keep_to_themselves, "transports/shm/a.cpp", '#include "transports/tcp/wire.hpp"\n',
     '#include "transports/shm/ring.hpp"\n#include "transports/wait.hpp"\n'),
    (rules.libraries_stay_home, "analysis/a.cpp", "#include <hdf5.h>\n", "#include <vector>\n"),
    (rules.libraries_stay_home, "bench/suite.cpp", "#include <CLI/CLI.hpp>\n", "#include <benchmark/benchmark.h>\n"),
    (rules.libraries_stay_home, "transports/shm/a.cpp", "#include <ucp/api/ucp.h>\n", "#include <sys/mman.h>\n"),
    (rules.no_transport_names_in_shared_code, "bench/plan.cpp", 'if (name == "ucx") return;\n',
     'const char* example = "podbench run --transport ucx"; // not "ucx"\n'),
    (rules.small_files, "base/a.cpp", "\n" * 501, "\n" * 500),
    (rules.nothing_unfinished, "docs/a.md", "TO" + "DO: write\n", "what there is to do\n"),
    (rules.nothing_unfinished, "docs/a.md", "see issue" + " 12\n", "an issue of taste\n"),
    (rules.links_lead_somewhere, "docs/a.md", "see [b](b.md)\n", "[c](cli.md#exit-codes) [d](https://example.org)\n"),
    (rules.no_path_of_this_machine, "docs/a.md", "in /home/somebody/podbench/build\n", "in build/dev\n"),
)


class Rules(unittest.TestCase):
    def test_every_rule_bites_and_lets_pass(self):
        for rule, path, bad, good in CASES:
            with self.subTest(rule=rule.__name__, path=path):
                self.assertTrue(list(rule(path, bad, CONTEXT)))
                self.assertEqual(list(rule(path, good, CONTEXT)), [])

    def test_every_rule_is_tested(self):
        self.assertEqual({case[0] for case in CASES}, set(rules.RULES))


if __name__ == "__main__":
    unittest.main()
