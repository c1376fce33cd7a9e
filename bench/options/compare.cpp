#include "analysis/compare/comparison.hpp"
#include "bench/options/add.hpp"

namespace podbench {

namespace {

std::vector<std::string> metric_names() {
  std::vector<std::string> names;
  for (const compare::Metric& metric : compare::metrics()) names.emplace_back(metric.name);
  return names;
}

}  // namespace

void add_compare(CLI::App& app, Invocation& chosen) {
  CLI::App& compare = *app.add_subcommand("compare", "Which cases differ between two sides of run files");
  CompareCommand& command = request_of<CompareCommand>(compare, chosen);
  compare.add_option("base", command.base, "Run files of the base; several are pooled")->required();
  compare.add_option("--vs", command.next, "Run files to hold against it; several are pooled")->required();
  compare.add_option("--where", command.selection.both, "key=value, as of show; repeat for more");
  compare.add_option("--base-where", command.selection.base,
                     "key=value of the base alone; the key then need not be equal");
  compare.add_option("--vs-where", command.selection.next,
                     "key=value of the other side alone, e.g. transport=tcp");
  compare.add_option("--metric", command.metrics, "What is judged (default: all)")
      ->delimiter(',')
      ->check(CLI::IsMember(metric_names()));
  compare.add_option("--tuning", command.tuning,
                     "Also the best algorithms of the new side, as tuning files into this folder");
  add_format(compare, command.format);
  add_output_files(compare, command.files);
  compare.footer(
      "Examples:\n"
      "  podbench compare monday.h5 --vs tuesday.h5\n"
      "  podbench compare old1.h5 old2.h5 --vs new1.h5 new2.h5 --where pattern=allreduce --html "
      "compare.html\n"
      "  podbench compare run.h5 --vs run.h5 --base-where transport=shm --vs-where transport=tcp\n"
      "Exit codes: 0 nothing is slower, 1 a case is slower or broken, 3 nothing is slower but something is undecided.");
}

}  // namespace podbench
