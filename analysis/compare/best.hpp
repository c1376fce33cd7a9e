// The best algorithm of each pattern, transport, size and rank count: a tuning table. Thread-safety: pure.
// Units: bytes, ns.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "analysis/compare/decide.hpp"
#include "results/summary.hpp"

namespace podbench::compare {

struct BestAlgorithm {
  CaseKey key;        // of the winner
  double p50_ns = 0;  // median of its launches' medians
  // The next best, and how it stands against the winner; an empty name: there is no other.
  std::string second;
  Decision lead;  // ratio second / winner; slower: the winner really is quicker
  std::size_t candidates = 0;
};

// What is to be done, without how: no algorithm, and of the options only those that are the pattern's own.
[[nodiscard]] CaseKey task_of(CaseKey key);

// One for each group of cases that differ in algorithm, radix, segment and piece only, in reading order.
// Cases that were wrong, failed or skipped do not take part. The winner is the one with the smallest median
// over the launches of all runs; whether its lead over the second is more than chance is decided over all
// groups together. RequestError as select_cases().
[[nodiscard]] std::vector<BestAlgorithm> best_algorithms(std::span<const RunSummary> runs,
                                                         const std::vector<std::string>& where,
                                                         const DecisionRules& rules = {});

}  // namespace podbench::compare
