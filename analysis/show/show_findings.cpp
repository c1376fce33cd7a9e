#include <fmt/format.h>

#include <cmath>

#include "analysis/show/show.hpp"

namespace podbench {
namespace {

Outcome outcome_of(CaseStatus status) {
  switch (status) {
    case CaseStatus::good:
      return Outcome::pass;
    case CaseStatus::not_converged:
    case CaseStatus::contended:
      return Outcome::inconclusive;
    case CaseStatus::skipped:
      return Outcome::skipped;
    case CaseStatus::wrong_data:
    case CaseStatus::failed:
      break;
  }
  return Outcome::fail;
}

// In the base units of OpenMetrics.
Measure measure_of(const ValueColumn& column, const CaseSummary& summary) {
  const double value = column.value(summary);
  const std::string name(column.name);
  switch (column.quantity) {
    case Quantity::time_ns:
      return {name + "_seconds", value / 1e9};
    case Quantity::rate_gbps:
      return {name + "_bytes_per_second", value * 1e9};
    case Quantity::ratio:
      return {name + "_ratio", value};
    case Quantity::count:
      break;
  }
  return {name, value};
}

Finding finding_of(const TableCase& row, const std::vector<const ValueColumn*>& values) {
  const CaseSummary& summary = *row.summary;
  Finding finding{summary.key.name(), summary.key.pattern, outcome_of(summary.status),
                  std::string(name_of(summary.status)), summary.note};
  if (std::isfinite(summary.p50_ns))
    finding.text = fmt::format("p50 {}{}{}", format_value(find_value("p50"), summary),
                               summary.note.empty() ? "" : "; ", summary.note);
  for (const std::string_view key : {"run", "transport", "bytes", "ranks"})
    finding.labels.emplace_back(std::string(key), find_key(key).text(row));
  for (const ValueColumn* value : values) finding.measures.push_back(measure_of(*value, summary));
  return finding;
}

}  // namespace

Findings show_findings(std::span<const RunSummary> runs, const ShowRequest& request) {
  const std::vector<TableCase> cases = cases_of(runs, request);
  Findings findings{
      "show",
      fmt::format("{} cases of {} {}", cases.size(), runs.size(), runs.size() == 1 ? "run" : "runs"),
      {},
      {}};
  const std::vector<const ValueColumn*> values = document_values(request);
  for (const TableCase& row : cases) findings.findings.push_back(finding_of(row, values));
  return findings;
}

}  // namespace podbench
