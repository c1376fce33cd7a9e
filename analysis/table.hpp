// Tables of runs: what `podbench show` prints, and the table at the end of `podbench run`.
//
// A table is either flat, a line a case, or a pivot: one key down, one across; cases that differ in other
// keys too make one pivot each. Keys that are the same everywhere stand in a line above. Every cell names its
// unit. JSON and CSV are always long, a case each, with the units in the fields' names. Thread-safety: pure.
// Errors: RequestError for an unknown key or value, with the known ones.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "analysis/columns.hpp"
#include "analysis/pivot.hpp"
#include "analysis/text_table.hpp"
#include "results/summary.hpp"

namespace podbench {

enum class TableFormat { terminal, json, csv };
// "table" (for the terminal), "json", "csv"; RequestError for another.
[[nodiscard]] TableFormat parse_table_format(std::string_view name);

struct ShowRequest {
  // Conditions as typed (selection.hpp); all must hold.
  std::vector<std::string> where{};
  // Keys of a pivot; both empty: flat; rows alone: one column a value.
  std::string rows{}, cols{};
  // "p50", "busbw", ...; empty: p50, its interval, p99, algbw, busbw and n (of a pivot: p50).
  std::vector<std::string> values{};
  bool ratios = false;  // of a pivot: every column also over the first one
  TableFormat format = TableFormat::terminal;
  bool colour = false;  // the caller knows whether it is a terminal
  // Of the terminal; 0: unlimited. Columns that do not fit are left out, and a line says so.
  int width_columns = 0;
};

// The text, ending with a line break. Empty selections say so (terminal) or are empty documents.
[[nodiscard]] std::string show(std::span<const RunSummary> runs, const ShowRequest& request);

// The cases that the request selects, in the order that people read. Checks the whole request.
[[nodiscard]] std::vector<TableCase> cases_of(std::span<const RunSummary> runs, const ShowRequest& request);
// The values asked for; none where none were.
[[nodiscard]] std::vector<const ValueColumn*> chosen_values(const ShowRequest& request);
// The same for documents, which are always long, a case each, as every tool pivots by itself: all there are
// where none were asked for.
[[nodiscard]] std::vector<const ValueColumn*> document_values(const ShowRequest& request);
// Of a request with `rows`.
[[nodiscard]] std::vector<Pivot> pivots_of(const std::vector<TableCase>& cases, const ShowRequest& request);
// How a status is coloured.
[[nodiscard]] Tone tone_of(CaseStatus status);

// Keys for `--where`, `--rows`, `--cols`, and values for `--value`, in the order help prints them.
[[nodiscard]] std::vector<std::string> table_keys();
[[nodiscard]] std::vector<std::string> table_values();

}  // namespace podbench
