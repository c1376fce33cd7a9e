// `podbench show`, `recover` and `export`: the commands that read files and measure nothing.
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "analysis/export.hpp"
#include "analysis/recover.hpp"
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

}  // namespace

ExitCode show_command(ShowCommand command) {
  std::vector<RunSummary> runs;
  for (const std::string& file : command.files) runs.push_back(read_summary(file));
  command.show.format = parse_table_format(command.format);
  command.show.colour = terminal_colour();
  command.show.width_columns = terminal_width();
  fmt::print("{}", show(runs, command.show));
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
