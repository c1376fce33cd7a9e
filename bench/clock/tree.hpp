// Who asks whom for the time: ranks learn it from rank 0 along a binomial tree, in ceil(log2 p) rounds in
// which every rank is in at most one pair. Ranks that share a clock (one node's) need no exchange: the lowest
// of them asks, and hands what it learned on to the others in a second tree. Thread-safety: pure.
#pragma once

#include <span>
#include <vector>

namespace podbench {

struct ClockPair {
  int peer = 0;
  bool asks = false;     // this rank asks and learns; else it answers
  bool measures = true;  // false: both read the same clock, only the model is handed on
  int round = 0;         // so many rounds of other pairs may come first
};

// The pairs of `rank`, in the order in which it takes part in them. clock_of_rank[r] is equal for ranks that
// read the same clock. A rank has learned all it will know before it first answers.
[[nodiscard]] std::vector<ClockPair> clock_pairs(int rank, std::span<const int> clock_of_rank);

}  // namespace podbench
