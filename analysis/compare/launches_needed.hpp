// How many launches would decide a case that is undecided: a power calculation from the spread seen so far.
// Thread-safety: pure.
#pragma once

#include <cstddef>

#include "analysis/compare/contrast.hpp"

namespace podbench {

// What a verdict asks for, on the scale of logarithms.
struct Demands {
  double difference_level = 0.05;   // p-value below which the case would be called different
  double cross_check_level = 0.05;  // the distribution-free test must reach this
  double equivalence_level = 0.05;  // of each one-sided test
  double least_effect = 0, equivalence = 0;
  bool paired = false;
};

// Launches a side. If the effect is what it looks like (`effect`, a logarithm) and launches go on spreading
// as they do, a difference of at least the least effect is then found, or equivalence shown, with probability
// 0.8: the smallest n with
//   n ≥ (t[1 − α/2, ν] + t[0.8, ν])² V / effect²                    for a difference,
//   n ≥ (t[1 − α, ν] + t[0.9, ν])² V / (equivalence − |effect|)²    for equivalence,
// whichever comes first, where V is the variance of a pair's difference, or the sum of both sides' variances,
// and ν the degrees of freedom at n (Chow, Shao & Wang, "Sample Size Calculations in Clinical Research", 2nd
// edition, sections 3.1 and 3.2, with quantiles of t in place of the normal's). At least as many as the
// cross-check needs to speak, and where nothing is known of the spread, that number. 0: above 10,000.
[[nodiscard]] std::size_t launches_needed(const Contrast& seen, double effect, const Demands& demands);

}  // namespace podbench
