#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "analysis/fit/present.hpp"
#include "bench/commands.hpp"
#include "bench/terminal.hpp"
#include "results/reader.hpp"

namespace podbench {

ExitCode fit_command(const FitCommand& command) {
  check_output_files(command.outputs);
  std::vector<fit::FittedRun> runs;
  for (const std::string& file : command.files)
    runs.push_back(fit::fit_run(read_run(file), file, {command.most_lines, command.hold_out}));
  const Findings findings = fit::fit_findings(runs);
  const Judged judged{findings,
                      [&] {
                        return fit::fit_text(runs, {terminal_colour(), terminal_width()});
                      },
                      [&] { return fit::fit_object(runs, findings); },
                      [&] { return fit::fit_html(runs, findings); }};
  return give_out(judged, command.outputs, command.format);
}

}  // namespace podbench
