// What tables and exports can show of a case: keys, which say what it is, and values, which were measured.
// One list each, so that a new statistic appears everywhere at once. Thread-safety: constants and pure
// functions.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "results/summary.hpp"

namespace podbench {

// One case of one run.
struct TableCase {
  const RunSummary* run;
  const CaseSummary* summary;
};

struct KeyColumn {
  std::string_view name;
  std::string (*text)(const TableCase&);
  std::uint64_t (*number)(const TableCase&) = nullptr;  // null: text; it sorts and exports as it reads
};

enum class Quantity : std::uint8_t { time_ns, rate_gbps, count, ratio };

struct ValueColumn {
  std::string_view name;   // "p50"
  std::string_view field;  // "p50_ns": its name where the unit must stand in it
  Quantity quantity;
  double (*value)(const CaseSummary&);  // NaN: there is none
};

[[nodiscard]] std::span<const KeyColumn> key_columns();
[[nodiscard]] std::span<const ValueColumn> value_columns();
// RequestError with the known names where it is none.
[[nodiscard]] const KeyColumn& find_key(std::string_view name);
[[nodiscard]] const ValueColumn& find_value(std::string_view name);

// A value as a table cell with its unit; "-" where there is none.
[[nodiscard]] std::string format_value(const ValueColumn& column, const CaseSummary& summary);

// A number as JSON and CSV want it: shortest text that reads back the same; `none` for NaN and infinity.
[[nodiscard]] std::string plain_number(double value, std::string_view none);

// One field of a CSV line (RFC 4180): quoted where it must be.
[[nodiscard]] std::string csv_field(std::string_view text);

}  // namespace podbench
