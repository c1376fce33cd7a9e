// E-divisive change detection (Matteson & James, "A Nonparametric Approach for Multiple Change Point Analysis
// of Multivariate Data", Journal of the American Statistical Association 109(505), 2014), from the paper: the
// reference that the replay holds track against. Not used by the program.
// Thread-safety: pure but for the generator that is handed in.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/random.hpp"

namespace podbench::track {

struct EDivisive {
  double level = 0.05;             // of the permutation test
  std::size_t permutations = 199;  // R of the paper's section 3
  std::size_t least_segment = 3;
};

// The first indices of new segments, ascending: one after the other the split that maximises the energy
// statistic Q (equation 5, exponent 1) over all segments, as long as the permutation test calls it
// significant.
[[nodiscard]] std::vector<std::size_t> e_divisive(std::span<const double> values, const EDivisive& settings,
                                                  Random& random);

}  // namespace podbench::track
