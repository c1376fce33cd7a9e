// Is a case faster or slower in one configuration than in another? The replicate is the launch: each gives
// one median (or p99), and all tests are on the logarithms of those, so that effects are ratios.
//
// faster, slower: the t test (contrast.hpp) is significant after Benjamini & Hochberg's adjustment over the
// family (false_discovery.hpp), the estimated ratio is at least the least effect away from 1 (a factor, so
// that it does not matter which side is called base), and the distribution-free cross-check (resampling.hpp),
// where there are launches enough for it to speak, does not contradict. Otherwise equivalent: two one-sided
// tests. Otherwise undecided. The ratio is Hodges and Lehmann's (hodges_lehmann.hpp).
//
// Thread-safety: pure. Units: inputs in any unit, the same for both sides; effects are ratios next / base.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace podbench {

enum class Verdict : std::uint8_t { faster, slower, equivalent, undecided };
[[nodiscard]] std::string_view name_of(Verdict verdict);

// One case, a value a launch, all above 0. Where `paired`, base[i] and next[i] were launched next to each
// other (ab) and both have the same length; otherwise the sides are independent (compare).
struct Sides {
  std::vector<double> base, next;
  bool paired = false;
};

struct DecisionRules {
  double false_discovery = 0.05;  // over the family, Benjamini–Hochberg
  double least_effect = 0.01;     // faster and slower need at least this
  double equivalence = 0.02;      // two one-sided tests at ± this
  double confidence = 0.95;       // of the interval; the rest is the level of a case's own tests
  // The part of the error that this look may spend where the same question is asked several times (ab): all
  // levels are multiplied with it, and the interval is as much surer.
  double share = 1;
};

struct Decision {
  Verdict verdict = Verdict::undecided;
  double ratio = 1;                 // Hodges–Lehmann estimate of next / base; NaN where a side is empty
  double lo = 0, hi = 0;            // its interval; NaN where too few launches
  double p_value = 1;               // t test on log values: paired, or Welch's
  double q_value = 1;               // adjusted for the family
  double sign_flip_p = 1;           // the cross-check that assumes no distribution; unpaired: permutation
  std::size_t launches_needed = 0;  // a side, that would decide an undecided case; 0: decided, or none would
};

// Decides every case of a family together: the family is what false discoveries are counted over, all cases
// of one metric. A decision a case, in order.
[[nodiscard]] std::vector<Decision> decide(std::span<const Sides> family, const DecisionRules& rules = {});

}  // namespace podbench
