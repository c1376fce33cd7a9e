// Whether a machine changed while a run was going on: sides that did not alternate cannot tell that from a
// difference between them (`podbench ab` alternates). Thread-safety: pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "results/summary.hpp"

namespace podbench::compare {

struct Drift {
  std::string source;  // the run file
  double change = 0;   // from its first launch to its last: 0.08 is 8% slower
  double p_value = 1;
};

// The runs whose launches get slower or faster one after the other: each launch is judged by the mean of the
// logarithms of its medians relative to those cases' means over all launches, a trend by Mann and Kendall's
// test (statistics.hpp) at 1%, and the change by Sen's slope (J. American Statistical Association 63, 1968).
// Changes below 1% and runs of fewer than five launches are not told.
[[nodiscard]] std::vector<Drift> drifts(std::span<const RunSummary> runs);

}  // namespace podbench::compare
