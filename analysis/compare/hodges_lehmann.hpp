// How far one side lies from the other, and how well that is known: the estimate of Hodges & Lehmann (Annals
// of Mathematical Statistics 34, 1963), which one wild launch hardly moves, with the interval that belongs to
// Wilcoxon's tests. No array of all pairs is made: a launch more costs a launch more of memory.
// Thread-safety: a WilcoxonRanks belongs to one thread. Units: natural logarithms, as LogSides.
#pragma once

#include <cstddef>
#include <map>
#include <utility>

#include "analysis/compare/contrast.hpp"

namespace podbench {

struct Shift {
  double estimate = 0;    // NaN where a side is empty
  double lo = 0, hi = 0;  // NaN where there are too few launches
};

// Which order statistic bounds the interval, from the exact distribution of Wilcoxon's statistic, or from its
// normal approximation where it is long (Hollander, Wolfe & Chicken, "Nonparametric Statistical Methods", 3rd
// edition, equations 3.35 and 4.34). Remembers what it has worked out.
class WilcoxonRanks {
 public:
  explicit WilcoxonRanks(double confidence) : confidence_(confidence) {}
  // The k for which the k-th smallest and k-th largest average of two differences (a pair of a launch with
  // itself included) make the interval; 0 where there are too few launches.
  [[nodiscard]] std::size_t signed_rank(std::size_t pairs);
  // The same for the differences of independent sides.
  [[nodiscard]] std::size_t rank_sum(std::size_t base, std::size_t next);
  [[nodiscard]] double confidence() const noexcept { return confidence_; }

 private:
  double confidence_;
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> known_;
};

// The median of the averages of all two differences (paired) or of all differences of a launch on one side
// and a launch on the other. The interval is that of Wilcoxon's test; below the launches that it needs for
// its confidence, that of the t test, around the mean.
[[nodiscard]] Shift hodges_lehmann(const LogSides& sides, WilcoxonRanks& ranks);

}  // namespace podbench
