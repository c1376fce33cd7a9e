#include "bench/options/add.hpp"

namespace podbench {

void add_fit(CLI::App& app, Invocation& chosen) {
  CLI::App& fit = *app.add_subcommand("fit", "Fit the network model to what was measured");
  FitCommand& command = request_of<FitCommand>(fit, chosen);
  fit.add_option("files", command.files, "Run files, each fitted by itself")->required();
  fit.add_option("--lines", command.most_lines,
                 "At most so many straight pieces a curve (default 8; 1: no switch points)")
      ->check(CLI::Range(1, 64));
  fit.add_option("--holdout", command.hold_out,
                 "Keep every so manieth size from the fit, predict it and say how well")
      ->check(CLI::Range(2, 1'000));
  add_format(fit, command.format);
  add_output_files(fit, command.outputs);
  fit.footer(
      "Measure what it needs:\n"
      "  podbench run --pattern pingpong,oneway,message_rate,bandwidth --bytes 8:4Mi:x2 --launches 6 --out "
      "run.h5\n"
      "Examples:\n"
      "  podbench fit run.h5\n"
      "  podbench fit run.h5 --holdout 3 --html fit.html");
}

}  // namespace podbench
