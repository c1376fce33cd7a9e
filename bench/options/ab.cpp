#include "bench/ab_command.hpp"
#include "bench/options/add.hpp"
#include "bench/suite.hpp"

namespace podbench {

void add_ab(CLI::App& app, Invocation& chosen) {
  CLI::App& ab = *app.add_subcommand(
      "ab", "Try two configurations against each other in random interleaved pairs of launches");
  AbRequest& request = request_of<AbRequest>(ab, chosen);
  ab.add_option("--a", request.a, "What side a is: NAME=value words, then flags of `podbench run`");
  ab.add_option("--b", request.b, "What side b is; the verdict is b against a");
  ab.add_option("--common", request.common, "What both sides are; it comes before their own words");
  ab.add_option("--a-program", request.a_program, "Another podbench for side a (default: this one)");
  ab.add_option("--b-program", request.b_program, "Another podbench for side b");
  ab.add_option("--launches", request.launches, "Most pairs of launches (default 24)")
      ->check(CLI::Range(2, most_launches));
  ab.add_option("--least", request.least,
                "Pairs before the first look at the results; then after twice as many (default 6)")
      ->check(CLI::Range(2, most_launches));
  ab.add_option("--seed", request.seed, "Seed of all orders (default: a new one, stored)");
  ab.add_option("--out", request.out,
                "NAME of the run files NAME-a.h5 and NAME-b.h5 (default: a new one under results/runs/)");
  add_format(ab, request.format);
  add_output_files(ab, request.files);
  ab.add_flag("--dry-run", request.dry_run, "Print the cases that would be compared, run nothing");
  ab.add_flag("--quiet", request.quiet, "No progress");
  ab.footer(
      "Examples:\n"
      "  podbench ab --a \"--transport shm\" --b \"--transport tcp\" --common \"--pattern allreduce --ranks "
      "2\"\n"
      "  podbench ab --a UCX_TLS=tcp --b UCX_TLS=posix --common \"--transport ucx --pattern pingpong\"\n"
      "  podbench ab --common \"--suite smoke\" --b-program ./new/podbench --junit verdict.xml");
}

}  // namespace podbench
