// When what is launched, and when it is judged: the design of an experiment with pairs.
//
// Order: permuted blocks of two pairs (Matts & Lachin, "Properties of permuted-block randomization in
// clinical trials", Controlled Clinical Trials 9, 1988): of every two pairs one begins with A and one with B,
// which first is drawn. What drifts with time, and what the second of two launches suffers from the first,
// then weighs on both sides alike, and nothing periodic can follow the order.
//
// Looks: the same question is asked after several numbers of pairs, and all looks together keep the stated
// error. Error is spent as pairs come in, in proportion to them: spending function α*(t) = α t (Lan & DeMets,
// "Discrete sequential boundaries for clinical trials", Biometrika 70, 1983). A look may reject at what has
// come free since the look before, so that the parts add up to α (Bonferroni). That is stricter than
// boundaries which count on the looks' correlation, but it holds for every statistic and every level: for
// small t tests, for two one-sided tests, and for the small levels at which Benjamini and Hochberg's
// procedure asks, where the looks are less alike than at 5%. A look at another time than planned, as after
// an interrupt, spends the same way, as long as it was not the data that chose the time.
// Thread-safety: pure.
#pragma once

#include <cstdint>
#include <vector>

namespace podbench {

struct PairPlan {
  bool a_first = true;
  std::uint64_t case_seed = 0;  // for both halves of the pair: the same order of cases
  friend bool operator==(const PairPlan&, const PairPlan&) = default;
};

// The same from the same seed on every machine.
[[nodiscard]] std::vector<PairPlan> plan_pairs(std::uint64_t seed, int pairs);

// After how many pairs to look: `least`, then twice as many each time, and `most` at the end. 1 ≤ least.
[[nodiscard]] std::vector<int> plan_looks(int least, int most);

// The part of the error that a look after `pairs` pairs may spend, where the last look was after `before`.
[[nodiscard]] double share_of_look(int before, int pairs, int most);

}  // namespace podbench
