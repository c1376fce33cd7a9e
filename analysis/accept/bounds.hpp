// Pass, fail or inconclusive from a handful of launches: distribution-free one-sided bounds of the median at
// fixed looks.
//
// The r-th smallest of n independent values exceeds their median with probability P(Binomial(n, ½) < r) at
// most (Hahn & Meeker, "Statistical Intervals", ch. 5); the same holds for the r-th largest. Whoever looks
// several times spends that error each time: up to the k-th of K looks at most 1 − 2^−k of it is spent, all
// of it at the last (Lan & DeMets, "Discrete sequential boundaries for clinical trials", Biometrika 70(3),
// 1983, with a spending function of halves), and every look takes the highest rank that fits. At 2.5% and 10,
// 20 and 40 launches these are the 2nd, the 5th and the 13th, which spend 1.07%, 0.59% and 0.83%.
// Thread-safety: pure. Units: those of the values.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "analysis/findings.hpp"

namespace podbench::accept {

inline constexpr double look_error = 0.025;

// For each look its rank, counted from 1; 0 where a look allows none.
[[nodiscard]] std::vector<std::size_t> look_ranks(std::span<const int> looks, double error);

// The bounds at the last look that the values reach, from as many of them as that look has, in their order.
struct MedianBounds {
  double lo = 0, hi = 0;     // NaN before the first look
  double median = 0;         // of the same values; before the first look of all; NaN where there are none
  std::size_t launches = 0;  // of the look; 0 before the first
};
[[nodiscard]] MedianBounds median_bounds(std::span<const double> by_launch);

enum class Limit : std::uint8_t { at_least, at_most };

struct Judged {
  Outcome outcome = Outcome::inconclusive;
  double median = 0, bound = 0;  // the bound that decided; undecided: the one that would pass
  std::size_t launches = 0;      // that were looked at
};
[[nodiscard]] Judged judge_median(std::span<const double> by_launch, Limit kind, double limit);

}  // namespace podbench::accept
