// `--where`: which cases of which runs a table shows. Thread-safety: pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "analysis/columns.hpp"

namespace podbench {

// The cases for which every key named holds one of its alternatives; all where `where` is empty. RequestError
// for what is not KEY=VALUE[,VALUE…] with a known key. Lifetime: the runs outlive the result.
[[nodiscard]] std::vector<TableCase> select_cases(std::span<const RunSummary> runs,
                                                  const std::vector<std::string>& where);

}  // namespace podbench
