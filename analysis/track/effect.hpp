// How large a change is: the ratio of two levels with a distribution-free interval.
// Thread-safety: pure. Units: values in any unit above 0; ratios.
#pragma once

#include <span>

namespace podbench::track {

struct Effect {
  double ratio = 1;       // later over earlier
  double lo = 0, hi = 0;  // its interval
};

// Hodges & Lehmann's shift (1963) of the logarithms: the median of all differences; the interval between the
// order statistics that the rank-sum test of the same level leaves standing (Moses 1953; Hollander & Wolfe,
// "Nonparametric Statistical Methods", 4.3), normal approximation, its spread widened by `inflation`
// (autocorrelation). At most most_pairs differences are formed: the nights nearest to the change. Both sides
// have at least one value.
inline constexpr std::size_t most_pairs = 64 * 64;
[[nodiscard]] Effect effect_of(std::span<const double> before, std::span<const double> after,
                               double confidence, double inflation = 1);

}  // namespace podbench::track
