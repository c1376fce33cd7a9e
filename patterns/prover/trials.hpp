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

// Up to 32 ranks, counts of none, one, a few, fewer than ranks, uneven and many elements, all of them with
// several values of each parameter that the pattern or the algorithm uses; above, each number of ranks takes
// its turn among counts about or far above the number of ranks and among the values. Where plans grow with
// the number of ranks, above 96 ranks only primes and multiples of 32, up to 384, have enough elements for
// every block; the others, and the parts of a training step, have p/8 + 3 elements, so that the time stays in
// bounds. An algorithm that takes its schedule from a file gets `given` as it is, with counts that divide
// into the file's chunks.
[[nodiscard]] std::vector<Trial> trials(const Pattern& pattern, const Algorithm& algorithm, int ranks,
                                        const Parameters& given = {});

}  // namespace podbench::prover
