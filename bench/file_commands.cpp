// `podbench show`, `recover` and `export`: the commands that read files and measure nothing.
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "analysis/export.hpp"
#include "analysis/pivot.hpp"
#include "analysis/recover.hpp"
#include "analysis/show/show.hpp"
#include "bench/commands.hpp"
#include "bench/terminal.hpp"
#include "results/reader.hpp"

namespace podbench {
namespace {

void write_new_file(const std::string& path, const std::string& text) {
  if (std::filesystem::exists(path)) throw RequestError(path + ": is there already; choose another name");
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  if (!file) throw system_error(path + ": cannot be written", errno);
}

void leave_documents(const std::vector<RunSummary>& runs, ShowRequest request, const OutputFiles& files) {
  request.format = TableFormat::json;
  if (!files.json.empty()) replace_file(files.json, show(runs, request));
  if (!files.html.empty()) replace_file(files.html, show_html(runs, request));
  if (files.junit.empty() && files.openmetrics.empty()) return;
  const Findings findings = show_findings(runs, request);
  if (!files.junit.empty()) replace_file(files.junit, junit(findings));
  if (!files.openmetrics.empty()) replace_file(files.openmetrics, openmetrics(findings));
}

}  // namespace

ExitCode show_command(ShowCommand command) {
  check_output_files(command.outputs);
  std::vector<RunSummary> runs;
  for (const std::string& file : command.files) runs.push_back(read_summary(file));
  name_runs(runs);
  command.show.format = parse_table_format(command.format);
  command.show.colour = terminal_colour();
  command.show.width_columns = terminal_width();
  const std::string text = show(runs, command.show);
  leave_documents(runs, command.show, command.outputs);
  fmt::print("{}", text);
  return ExitCode::good;
}

ExitCode recover_command(const RecoverCommand& command) {
  fmt::print("{}", recover(command.spool, command.out));
  return ExitCode::good;
}

ExitCode export_command(const ExportCommand& command) {
  const ExportFormat format = parse_export_format(command.as);
  const std::string document = export_run(read_summary(command.file), format);
  if (command.out.empty())
    fmt::print("{}", document);
  else
    write_new_file(command.out, document);
  return ExitCode::good;
}

}  // namespace podbench
