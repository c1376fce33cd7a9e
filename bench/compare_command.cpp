#include "bench/compare_command.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "analysis/compare/outputs.hpp"
#include "analysis/compare/tuning.hpp"
#include "bench/terminal.hpp"

namespace podbench {
namespace {

namespace fs = std::filesystem;

compare::Side read_side(const std::vector<std::string>& files) {
  compare::Side side;
  for (const std::string& file : files) {
    side.runs.push_back(read_summary(file));
    side.environments.push_back(read_environment(file));
  }
  return side;
}

std::vector<const compare::Metric*> chosen_metrics(const std::vector<std::string>& names) {
  std::vector<const compare::Metric*> chosen;
  for (const std::string& name : names) chosen.push_back(&compare::find_metric(name));
  if (names.empty())
    for (const compare::Metric& metric : compare::metrics()) chosen.push_back(&metric);
  return chosen;
}

// Before any work: the folder is one, or can be made.
void check_folder(const std::string& folder) {
  if (folder.empty() || fs::is_directory(folder)) return;
  if (fs::exists(folder)) throw RequestError(folder + " is a file; name a folder for the tuning files");
  const fs::path parent = fs::path(folder).parent_path();
  if (!parent.empty() && !fs::is_directory(parent))
    throw RequestError(fmt::format("no folder {}: make it first", parent.string()));
}

void write_tuning(const compare::Comparison& comparison, const std::string& folder) {
  if (folder.empty()) return;
  std::error_code error;
  fs::create_directory(folder, error);
  if (error) throw system_error(folder + ": cannot be made", error.value());
  const compare::Tuning tuning = compare::tuning_files(comparison.best);
  for (const compare::TuningFile& file : tuning.files) {
    replace_file((fs::path(folder) / file.name).string(), file.text);
    fmt::print(stderr, "{}\n", (fs::path(folder) / file.name).string());
  }
  for (const std::string& note : tuning.notes) fmt::print(stderr, "tuning of {}\n", note);
}

}  // namespace

ExitCode compare_command(const CompareCommand& command) {
  check_output_files(command.files);
  check_folder(command.tuning);
  const auto metrics = chosen_metrics(command.metrics);
  const compare::Comparison comparison =
      compare::compare(read_side(command.base), read_side(command.next), command.selection, metrics);
  write_tuning(comparison, command.tuning);
  const Findings findings = compare::findings_of(comparison);
  return give_out({.findings = findings,
                   .terminal = [&] { return terminal_text(comparison, terminal_colour(), terminal_width()); },
                   .json = [&] { return document_of(comparison, findings); },
                   .html = [&] { return page_of(comparison); }},
                  command.files, command.format);
}

}  // namespace podbench
