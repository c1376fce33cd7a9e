// Pivots: one key of the cases down, one across. Cases that differ in other keys too make one pivot each.
//
// What a run is called, when it started and where it was belong together: a pivot over one of them sets runs
// side by side.
// Thread-safety: pure. Errors: RequestError where two runs would share a cell. Lifetime: the runs outlive it.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "analysis/columns.hpp"

namespace podbench {

struct Pivot {
  const KeyColumn* rows = nullptr;
  const KeyColumn* cols = nullptr;  // null: one column for all
  // By number or, for text, as they first appear. Of columns one empty text where there is no key across.
  std::vector<std::string> row_texts, col_texts;
  std::vector<double> row_numbers;  // NaN for text
  std::map<std::pair<std::string, std::string>, const CaseSummary*> cells;
  std::string caption;  // what all of its cases have in common
  // The case of a row and a column; null where there is none.
  [[nodiscard]] const CaseSummary* at(std::size_t row, std::size_t col) const;
};

[[nodiscard]] std::vector<Pivot> pivots_of(const std::vector<TableCase>& cases, const KeyColumn& rows,
                                           const KeyColumn* cols);

// Keys and values in which all cases agree, but for those `shown` elsewhere: "datatype float32  ranks 4".
[[nodiscard]] std::string caption_of(const std::vector<TableCase>& cases,
                                     const std::vector<const KeyColumn*>& shown);

// The keys in which the cases differ.
[[nodiscard]] std::vector<const KeyColumn*> varying_keys(const std::vector<TableCase>& cases);

// Cases ran in a shuffled order; a reader wants what compares to stand together.
void sort_for_reading(std::vector<TableCase>& cases);

// Calls runs whose files have the same name apart, by their folders: "monday/smoke", "tuesday/smoke".
void name_runs(std::vector<RunSummary>& runs);

}  // namespace podbench
