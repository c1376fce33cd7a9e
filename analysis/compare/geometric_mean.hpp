// The ratio over all shared cases in one number. Thread-safety: pure.
#pragma once

#include <cstddef>
#include <vector>

#include "analysis/compare/decide.hpp"
#include "analysis/compare/match.hpp"

namespace podbench::compare {

struct GeometricMean {
  std::size_t cases = 0;  // that have a ratio
  double ratio = 1;       // next / base; NaN where there is no case
  double lo = 0, hi = 0;  // 95% interval; NaN where a case has fewer than two launches on a side
};

// The geometric mean of the cases' ratios, each counted once. Cases of one launch go up and down together, so
// they are no replicates of each other: the variance is that of sums over launches (cluster-robust, Liang &
// Zeger, Biometrika 73, 1986), and the interval that of Student's t with the degrees of freedom of the case
// with the fewest launches. `value`: which of a launch's values the decisions were made on.
[[nodiscard]] GeometricMean geometric_mean(const Matching& matching, const std::vector<Decision>& decisions,
                                           double LaunchValue::*value);

}  // namespace podbench::compare
