// The runs and their cases as tables, and the verdict above all.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <set>

#include "analysis/report/run/parts.hpp"
#include "base/quantity.hpp"

namespace podbench::report {
namespace {

std::string hosts_of(const Run& run) {
  std::set<std::string> hosts;
  for (const LaunchRecord& launch : run.launches) hosts.insert(launch.hosts.begin(), launch.hosts.end());
  return fmt::format("{}", fmt::join(hosts, ", "));
}

std::size_t samples_of(const RunSummary& run) {
  std::size_t samples = 0;
  for (const CaseSummary& one : run.cases) samples += one.n;
  return samples;
}

Cell completeness(const RunRecord& run) {
  return run.complete ? text_cell("complete")
                      : text_cell(fmt::format("incomplete: {} records were planned", run.planned_cases),
                                  Tone::warning);
}

// A field of the runs' table: what it is called, and what it says of a run.
struct RunField {
  const char* name;
  Cell (*cell)(const WholeRun&);
};

constexpr std::array<RunField, 10> run_fields = {{
    {"file",
     [](const WholeRun& r) {
       return text_cell(std::filesystem::path(r.summary.source).filename().string());
     }},
    {"started", [](const WholeRun& r) { return text_cell(r.run.run.started_utc); }},
    {"pod", [](const WholeRun& r) { return text_cell(r.run.run.pod); }},
    {"hosts", [](const WholeRun& r) { return text_cell(hosts_of(r.run)); }},
    {"state", [](const WholeRun& r) { return completeness(r.run.run); }},
    {"cases", [](const WholeRun& r) { return text_cell(std::to_string(r.summary.cases.size())); }},
    {"launches", [](const WholeRun& r) { return text_cell(std::to_string(r.run.launches.size())); }},
    {"samples", [](const WholeRun& r) { return text_cell(std::to_string(samples_of(r.summary))); }},
    {"podbench",
     [](const WholeRun& r) {
       return text_cell(fmt::format("{} ({})", r.run.run.program_version, r.run.run.git_revision));
     }},
    {"command", [](const WholeRun& r) { return text_cell(r.run.run.command_line); }},
}};

struct Tally {
  std::size_t cases = 0, incomplete_runs = 0;
  std::array<std::size_t, 6> by_status{};
  [[nodiscard]] std::size_t of(CaseStatus status) const {
    return by_status.at(static_cast<std::size_t>(status));
  }
};

Tally tally(const std::vector<WholeRun>& runs) {
  Tally tally;
  for (const WholeRun& run : runs) {
    tally.incomplete_runs += run.run.run.complete ? 0 : 1;
    tally.cases += run.summary.cases.size();
    for (const CaseSummary& one : run.summary.cases)
      ++tally.by_status.at(static_cast<std::size_t>(one.status));
  }
  return tally;
}

void add_verdict(Page& page, const std::vector<WholeRun>& runs) {
  const Tally counts = tally(runs);
  std::vector<std::string> words;
  for (const CaseStatus status : {CaseStatus::wrong_data, CaseStatus::failed, CaseStatus::skipped,
                                  CaseStatus::contended, CaseStatus::not_converged})
    if (counts.of(status) > 0) words.push_back(fmt::format("{} {}", counts.of(status), name_of(status)));
  const bool bad = counts.of(CaseStatus::wrong_data) + counts.of(CaseStatus::failed) > 0;
  const bool warn = !words.empty() || counts.incomplete_runs > 0;
  std::string text = words.empty() ? fmt::format("All {} cases are good.", counts.cases)
                                   : fmt::format("Of {} cases: {}; {} good.", counts.cases,
                                                 fmt::join(words, ", "), counts.of(CaseStatus::good));
  if (counts.incomplete_runs > 0)
    text += runs.size() == 1 ? " The run is incomplete."
                             : fmt::format(" {} runs are incomplete.", counts.incomplete_runs);
  page.verdict(text, bad ? Tone::bad : warn ? Tone::warning : Tone::plain);
}

// What is the same for all cases, in a line: "float32, isolated, transport buffers".
std::string common_words(const std::vector<ShownCase>& cases,
                         const std::vector<const KeyColumn*>& differing) {
  std::vector<std::string> words;
  for (const KeyColumn& key : key_columns()) {
    const bool told = std::find(differing.begin(), differing.end(), &key) != differing.end();
    if (told || key.name == "status" || key.name == "run" || key.name == "started" || key.name == "pod")
      continue;
    const std::string text = key.text(cases.front().table_case());
    if (!text.empty()) words.push_back(fmt::format("{} {}", key.name, text));
  }
  return words.empty() ? "" : fmt::format("The same for all: {}.", fmt::join(words, ", "));
}

// Notes of many launches say the same many times; the run file has them whole.
std::string shortened(std::string text) {
  constexpr std::size_t longest = 100;
  if (text.size() <= longest) return text;
  text.resize(text.find_last_of(' ', longest) == std::string::npos ? longest
                                                                   : text.find_last_of(' ', longest));
  return text + " …";
}

std::vector<Cell> case_row(const ShownCase& one, const std::vector<const KeyColumn*>& keys) {
  const CaseSummary& summary = *one.summary;
  std::vector<Cell> row;
  for (const KeyColumn* key : keys) {
    Cell cell = text_cell(key->text(one.table_case()));
    if (key->number != nullptr) {
      cell.numeric = true;
      cell.sort = static_cast<double>(key->number(one.table_case()));
    }
    row.push_back(std::move(cell));
  }
  row.push_back(number_cell(summary.p50_ns, Unit::time_ns));
  row.push_back(text_cell(std::isfinite(summary.ci_lo_ns)
                              ? fmt::format("{} – {}", format_number(summary.ci_lo_ns, Unit::time_ns),
                                            format_number(summary.ci_hi_ns, Unit::time_ns))
                              : "-"));
  row.push_back(number_cell(summary.p99_ns, Unit::time_ns));
  row.push_back(number_cell(summary.max_ns, Unit::time_ns));
  row.push_back(number_cell(summary.algbw_gbps, Unit::gbps));
  row.push_back(number_cell(summary.busbw_gbps, Unit::gbps));
  row.push_back(number_cell(static_cast<double>(summary.n), Unit::count));
  row.push_back(number_cell(static_cast<double>(summary.launches), Unit::count));
  row.push_back(text_cell(std::string(name_of(summary.status)), tone_of(summary.status)));
  row.push_back(text_cell(shortened(summary.note)));
  return row;
}

}  // namespace

void add_runs(Page& page, const RunPageRequest& request) {
  add_verdict(page, request.runs);
  Table table{.title = "", .headings = {"of the run"}, .rows = {}};
  for (std::size_t i = 0; i < request.runs.size(); ++i)
    table.headings.push_back(request.runs.size() == 1 ? "is" : fmt::format("run {}", i + 1));
  for (const RunField& field : run_fields) {
    table.rows.push_back({text_cell(field.name)});
    for (const WholeRun& run : request.runs) table.rows.back().push_back(field.cell(run));
  }
  if (request.history.size() > request.runs.size())
    table.note = fmt::format("The newest {} of {} runs; the others are in the history.", request.runs.size(),
                             request.history.size());
  page.add(std::move(table));
}

void add_case_table(Page& page, const std::vector<ShownCase>& cases) {
  if (cases.empty()) return;
  const std::vector<const KeyColumn*> keys = differing_keys(cases);
  page.section("Cases", common_words(cases, keys));
  Table table{.title = "", .headings = {}, .rows = {}};
  for (const KeyColumn* key : keys) table.headings.emplace_back(key->name);
  for (const char* name :
       {"p50", "95% interval", "p99", "max", "algbw", "busbw", "n", "launches", "status", "note"})
    table.headings.emplace_back(name);
  for (const ShownCase& one : cases) table.rows.push_back(case_row(one, keys));
  page.add(std::move(table));
}

}  // namespace podbench::report
