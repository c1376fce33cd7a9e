// `--where`: which cases of which runs a table shows. Thread-safety: pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "analysis/columns.hpp"

namespace podbench {

// The cases for which every condition holds; all where `where` is empty. A condition is
//   KEY=VALUE[,VALUE...]    one of the values; the same key again adds alternatives
//   KEY!=VALUE[,VALUE...]   none of them
//   KEY<NUMBER              of keys that are numbers, also > <= >=
// In values * stands for any letters. Sizes compare as sizes (bytes=1Mi). RequestError for what is not that.
// Lifetime: the runs outlive the result.
[[nodiscard]] std::vector<TableCase> select_cases(std::span<const RunSummary> runs,
                                                  const std::vector<std::string>& where);

// For a selection that is empty: "no case matches", and of keys asked for the values that there are.
[[nodiscard]] std::string why_nothing_matches(std::span<const RunSummary> runs,
                                              const std::vector<std::string>& where);

}  // namespace podbench
