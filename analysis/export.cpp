#include "analysis/export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "analysis/columns.hpp"
#include "analysis/document.hpp"
#include "analysis/openmetrics.hpp"
#include "analysis/selection.hpp"
#include "base/error.hpp"
#include "base/names.hpp"

namespace podbench {
namespace {

using nlohmann::ordered_json;

std::vector<const ValueColumn*> all_values() {
  std::vector<const ValueColumn*> values;
  for (const ValueColumn& value : value_columns()) values.push_back(&value);
  return values;
}

std::vector<TableCase> all_cases(const RunSummary& run) {
  return select_cases(std::span(&run, 1), {});
}

std::string as_json(const RunSummary& run) {
  ordered_json document;
  document["schema"] = "podbench";
  document["schema_version"] = fmt::format("{}.{}", schema_major, schema_minor);
  document["run_id"] = run.run.run_id;
  document["started_utc"] = run.run.started_utc;
  document["pod"] = run.run.pod;
  document["program_version"] = run.run.program_version;
  document["git_revision"] = run.run.git_revision;
  document["command_line"] = run.run.command_line;
  document["seed"] = run.run.seed;
  document["complete"] = run.run.complete;
  document["planned_cases"] = run.run.planned_cases;
  document["cases"] = ordered_json::array();
  for (const TableCase& row : all_cases(run)) {
    ordered_json object = case_object(row, all_values());
    auto& points = object["launch_medians"] = ordered_json::array();
    for (const LaunchPoint& point : row.summary->points) {
      points.push_back(
          {{"launch", point.launch}, {"n", point.n}, {"p50_ns", point.p50_ns}, {"p99_ns", point.p99_ns}});
    }
    document["cases"].push_back(std::move(object));
  }
  return dump(document);
}

// One entry of "benchmarks"; times in ns.
ordered_json benchmark(const CaseSummary& summary, std::size_t family, double time_ns,
                       std::uint64_t iterations) {
  ordered_json entry;
  entry["name"] = summary.key.name();
  entry["family_index"] = family;
  entry["per_family_instance_index"] = 0;
  entry["run_name"] = summary.key.name();
  entry["run_type"] = "iteration";
  entry["repetitions"] = summary.points.size();
  entry["threads"] = 1;
  entry["iterations"] = iterations;
  entry["real_time"] = time_ns;
  entry["cpu_time"] = time_ns;
  entry["time_unit"] = "ns";
  for (const ValueColumn& column : value_columns()) {
    const double value = column.value(summary);
    if (std::isfinite(value)) entry[std::string(column.field)] = value;
  }
  return entry;
}

// A launch is a repetition: that is what the tool's own compare.py tests.
std::string as_gbench(const RunSummary& run) {
  ordered_json document;
  document["context"] = {{"date", run.run.started_utc},
                         {"executable", "podbench"},
                         {"podbench_version", run.run.program_version},
                         {"run_id", run.run.run_id},
                         {"pod", run.run.pod},
                         {"library_build_type", "release"}};
  auto& benchmarks = document["benchmarks"] = ordered_json::array();
  for (std::size_t family = 0; family < run.cases.size(); ++family) {
    const CaseSummary& summary = run.cases[family];
    for (std::size_t repetition = 0; repetition < summary.points.size(); ++repetition) {
      ordered_json entry =
          benchmark(summary, family, summary.points[repetition].p50_ns, summary.points[repetition].n);
      entry["repetition_index"] = repetition;
      benchmarks.push_back(std::move(entry));
    }
    if (summary.points.size() < 2) continue;
    ordered_json entry = benchmark(summary, family, summary.p50_ns, summary.points.size());
    entry["name"] = summary.key.name() + "_median";
    entry["run_type"] = "aggregate";
    entry["aggregate_name"] = "median";
    entry["aggregate_unit"] = "time";
    benchmarks.push_back(std::move(entry));
  }
  return dump(document);
}

// OpenMetrics wants base units: seconds, and bytes per second.
struct Metric {
  std::string name;
  std::string unit;
};

Metric metric_of(const ValueColumn& column) {
  switch (column.quantity) {
    case Quantity::time_ns:
      return {fmt::format("podbench_{}_seconds", column.name), "seconds"};
    case Quantity::rate_gbps:
      return {fmt::format("podbench_{}_bytes_per_second", column.name), "bytes_per_second"};
    case Quantity::count:
    case Quantity::ratio:
      break;
  }
  return {fmt::format("podbench_{}", column.name), ""};
}

double in_base_unit(const ValueColumn& column, double value) {
  switch (column.quantity) {
    case Quantity::time_ns:
      return value / 1e9;
    case Quantity::rate_gbps:
      return value * 1e9;
    case Quantity::count:
    case Quantity::ratio:
      break;
  }
  return value;
}

std::string labels_of(const TableCase& row) {
  std::string labels;
  for (const KeyColumn& key : key_columns()) {
    if (key.name == "run" || key.name == "started" || key.name == "status")
      continue;  // would split the series
    const std::string text = key.number == nullptr ? key.text(row) : std::to_string(key.number(row));
    if (text.empty()) continue;
    labels += fmt::format("{}{}=\"{}\"", labels.empty() ? "" : ",", key.name, openmetrics_label(text));
  }
  return labels;
}

std::string as_openmetrics(const RunSummary& run) {
  std::string text = fmt::format(
      "# TYPE podbench_run info\n# HELP podbench_run The run that the other metrics come from.\n"
      "podbench_run_info{{run_id=\"{}\",started_utc=\"{}\",version=\"{}\"}} 1\n",
      openmetrics_label(run.run.run_id), openmetrics_label(run.run.started_utc),
      openmetrics_label(run.run.program_version));
  const std::vector<TableCase> cases = all_cases(run);
  std::vector<std::string> labels;
  for (const TableCase& row : cases) labels.push_back(labels_of(row));
  for (const ValueColumn& column : value_columns()) {
    const Metric metric = metric_of(column);
    text += fmt::format("# TYPE {} gauge\n", metric.name);
    if (!metric.unit.empty()) text += fmt::format("# UNIT {} {}\n", metric.name, metric.unit);
    text += fmt::format("# HELP {} Statistic {} of a case.\n", metric.name, column.name);
    for (std::size_t i = 0; i < cases.size(); ++i) {
      const double value = column.value(*cases[i].summary);
      if (std::isfinite(value))
        text += fmt::format("{}{{{}}} {}\n", metric.name, labels[i], in_base_unit(column, value));
    }
  }
  return text + "# EOF\n";
}

}  // namespace

std::vector<std::string> export_formats() {
  return {"csv", "json", "gbench", "openmetrics"};
}

ExportFormat parse_export_format(std::string_view name) {
  const auto known = export_formats();
  const auto found = std::find(known.begin(), known.end(), name);
  if (found == known.end()) throw RequestError(unknown_name("format", name, known));
  return static_cast<ExportFormat>(found - known.begin());
}

std::string export_run(const RunSummary& run, ExportFormat format) {
  switch (format) {
    case ExportFormat::csv:
      return csv_document(all_cases(run), all_values());
    case ExportFormat::json:
      return as_json(run);
    case ExportFormat::gbench:
      return as_gbench(run);
    case ExportFormat::openmetrics:
      return as_openmetrics(run);
  }
  return "";
}

}  // namespace podbench
