#include "analysis/columns.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

#include "base/error.hpp"
#include "base/names.hpp"
#include "base/quantity.hpp"

namespace podbench {
namespace {

template <std::string CaseKey::*Field>
std::string key_text(const TableCase& row) {
  return row.summary->key.*Field;
}

template <double CaseSummary::*Field>
double real(const CaseSummary& summary) {
  return summary.*Field;
}

template <std::uint64_t CaseSummary::*Field>
double count(const CaseSummary& summary) {
  return static_cast<double>(summary.*Field);
}

std::string options_text(const TableCase& row) {
  std::string text;
  for (const auto& [name, value] : row.summary->key.options) {
    text += (text.empty() ? "" : ",") + name + ":" + value;
  }
  return text;
}

std::string run_text(const TableCase& row) {
  if (!row.run->name.empty()) return row.run->name;
  return std::filesystem::path(row.run->source).stem().string();
}

std::uint64_t bytes_of(const TableCase& row) {
  return row.summary->key.bytes;
}
std::uint64_t ranks_of(const TableCase& row) {
  return static_cast<std::uint64_t>(row.summary->key.ranks);
}
std::uint64_t nodes_of(const TableCase& row) {
  return static_cast<std::uint64_t>(row.summary->key.nodes);
}

// In the order in which tables and help print them.
constexpr std::array<KeyColumn, 16> keys = {{
    {"run", run_text},
    {"started", [](const TableCase& row) { return row.run->run.started_utc; }},
    {"pod", [](const TableCase& row) { return row.run->run.pod; }},
    {"pattern", key_text<&CaseKey::pattern>},
    {"algorithm", key_text<&CaseKey::algorithm>},
    {"transport", key_text<&CaseKey::transport>},
    {"datatype", key_text<&CaseKey::datatype>},
    {"op", key_text<&CaseKey::op>},
    {"bytes", [](const TableCase& row) { return format_bytes(row.summary->key.bytes); }, bytes_of},
    {"ranks", [](const TableCase& row) { return std::to_string(row.summary->key.ranks); }, ranks_of},
    {"nodes", [](const TableCase& row) { return std::to_string(row.summary->key.nodes); }, nodes_of},
    {"cadence", key_text<&CaseKey::cadence>},
    {"sync", key_text<&CaseKey::sync>},
    {"buffers", key_text<&CaseKey::buffers>},
    {"options", options_text},
    {"status", [](const TableCase& row) { return std::string(name_of(row.summary->status)); }},
}};

constexpr std::array<ValueColumn, 20> values = {{
    {"p50", "p50_ns", Quantity::time_ns, real<&CaseSummary::p50_ns>},
    {"ci_lo", "ci_lo_ns", Quantity::time_ns, real<&CaseSummary::ci_lo_ns>},
    {"ci_hi", "ci_hi_ns", Quantity::time_ns, real<&CaseSummary::ci_hi_ns>},
    {"p90", "p90_ns", Quantity::time_ns, real<&CaseSummary::p90_ns>},
    {"p99", "p99_ns", Quantity::time_ns, real<&CaseSummary::p99_ns>},
    {"p999", "p999_ns", Quantity::time_ns, real<&CaseSummary::p999_ns>},
    {"min", "min_ns", Quantity::time_ns, real<&CaseSummary::min_ns>},
    {"max", "max_ns", Quantity::time_ns, real<&CaseSummary::max_ns>},
    {"mean", "mean_ns", Quantity::time_ns, real<&CaseSummary::mean_ns>},
    {"sd", "sd_ns", Quantity::time_ns, real<&CaseSummary::sd_ns>},
    {"algbw", "algbw_gbps", Quantity::rate_gbps, real<&CaseSummary::algbw_gbps>},
    {"busbw", "busbw_gbps", Quantity::rate_gbps, real<&CaseSummary::busbw_gbps>},
    {"n", "n", Quantity::count, count<&CaseSummary::n>},
    {"launches", "launches", Quantity::count, count<&CaseSummary::launches>},
    {"invalid", "invalid", Quantity::count, count<&CaseSummary::invalid>},
    {"clock_error", "clock_error_ns", Quantity::time_ns, real<&CaseSummary::clock_error_ns>},
    {"impact_mean", "impact_mean", Quantity::ratio, real<&CaseSummary::impact_mean>},
    {"impact_p99", "impact_p99", Quantity::ratio, real<&CaseSummary::impact_p99>},
    {"bound_rounds", "bound_rounds", Quantity::count, real<&CaseSummary::bound_rounds>},
    {"bound_bytes", "bound_bytes", Quantity::count, real<&CaseSummary::bound_bytes>},
}};

template <typename Columns>
const auto& find_named(const Columns& columns, std::string_view kind, std::string_view name) {
  const auto found =
      std::find_if(columns.begin(), columns.end(), [&](const auto& column) { return column.name == name; });
  if (found != columns.end()) return *found;
  std::vector<std::string> known;
  for (const auto& column : columns) known.emplace_back(column.name);
  throw RequestError(unknown_name(kind, name, known));
}

}  // namespace

std::span<const KeyColumn> key_columns() {
  return keys;
}
std::span<const ValueColumn> value_columns() {
  return values;
}
const KeyColumn& find_key(std::string_view name) {
  return find_named(keys, "key", name);
}
const ValueColumn& find_value(std::string_view name) {
  return find_named(values, "value", name);
}

std::string format_value(const ValueColumn& column, const CaseSummary& summary) {
  const double value = column.value(summary);
  if (!std::isfinite(value)) return "-";
  switch (column.quantity) {
    case Quantity::time_ns:
      return format_duration_ns(value);
    case Quantity::rate_gbps:
      return format_rate_gbps(value * 1e9);
    case Quantity::count:
      return fmt::format("{}", value);
    case Quantity::ratio:
      return fmt::format("{:.3g}", value);
  }
  return "-";
}

std::string plain_number(double value, std::string_view none) {
  return std::isfinite(value) ? fmt::format("{}", value) : std::string(none);
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace podbench
