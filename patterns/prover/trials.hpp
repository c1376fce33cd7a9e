// The problems that stand for a number of ranks when an algorithm is proved. Thread-safety: pure.
#pragma once

#include <string>
#include <vector>

#include "patterns/pattern.hpp"

namespace podbench::prover {

struct Trial {
  int ranks;
  std::uint64_t count;
  Parameters parameters;
  std::vector<int> nodes;  // empty: one node
  std::string name;        // "p=6 count=13 root=5"

  // Valid as long as this trial.
  [[nodiscard]] Problem problem() const { return {0, ranks, count, parameters, nodes}; }
};

// Counts of none, one, a few, fewer than ranks, uneven and many elements, and for each parameter that the
// pattern or the algorithm uses several values. Up to 16 ranks all of them with all of them; above, each
// number of ranks takes its turn, so that every value is met and the time stays linear in the schedules.
[[nodiscard]] std::vector<Trial> trials(const Pattern& pattern, const Algorithm& algorithm, int ranks);

}  // namespace podbench::prover
