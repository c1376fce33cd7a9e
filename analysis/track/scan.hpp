// The change scan of one window of nights: for every night that could be the first of a new level, how
// improbable the nights from it on are, given those before; the most improbable is the candidate.
//
// The maximum over all splits of a standardised two-sample difference (Csörgő & Horváth, "Limit Theorems in
// Change-Point Analysis", 1997, ch. 2), on robust scores. Short ends are what finds a step within nights:
// their tails are exact (tail.hpp); long ends, whose means are normal, take the pooled variance.
// Thread-safety: pure. Units: scores (tail.hpp), oldest night first.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace podbench::track {

struct Split {
  std::size_t after = 0;  // nights of the new level, the last of the window; 0: no split is possible
  double deviate = 0;     // above 0: the new level is higher
};

// Every split, shortest end first: at least least_segment nights on each side and at most most_after behind
// it. Deviates are those of autocorrelated nights where rho > 0; those of long ends weigh a little less.
[[nodiscard]] std::vector<Split> scan_all(std::span<const double> scores, double rho = 0);

// The same with the pooled variance for short ends too: a good guess of where, at a fraction of the cost.
[[nodiscard]] std::vector<Split> scan_roughly(std::span<const double> scores, double rho = 0);

// The one that deviates most.
[[nodiscard]] Split largest_of(std::span<const Split> splits);

// First-order autocorrelation of the scores with each side of the split about its own mean, corrected for the
// bias of short series (Kendall 1954: it is seen too low by (1 + 3ρ)/n).
[[nodiscard]] double autocorrelation_about(std::span<const double> scores, const Split& split);

}  // namespace podbench::track
