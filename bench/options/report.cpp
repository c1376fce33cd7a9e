// `podbench report`.
#include "bench/options/add.hpp"

namespace podbench {

void add_report(CLI::App& app, Invocation& chosen) {
  CLI::App& report = *app.add_subcommand("report", "Run files as one self-contained HTML page");
  ReportCommand& command = request_of<ReportCommand>(report, chosen);
  report.add_option("files", command.files, "Run files; of many, the newest three are shown whole")
      ->required();
  report.add_option("-o,--out", command.out, "The page; an older one is replaced")->required();
  report.add_option("--samples", command.samples, "fit: as many as keep the page small; all: every one")
      ->check(CLI::IsMember({"fit", "all"}));
  report
      .add_option("--charts", command.charts,
                  "live: with cursor and zoom; still: pictures, for viewers without scripts")
      ->check(CLI::IsMember({"live", "still"}));
  report.footer(
      "Examples:\n"
      "  podbench report run.h5 -o report.html\n"
      "  podbench report nightly/*.h5 -o history.html --samples all");
}

}  // namespace podbench
