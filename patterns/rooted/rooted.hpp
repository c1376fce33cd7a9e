// What the rooted patterns share: their counts, and blocks counted from the root. Thread-safety: values.
#pragma once

#include "patterns/contracts.hpp"

namespace podbench::rooted {

[[nodiscard]] inline bool is_root(const Problem& problem) {
  return problem.rank == problem.parameters.root;
}
[[nodiscard]] inline std::uint64_t root_count(const Problem& problem) {
  return is_root(problem) ? problem.count : 0;
}
[[nodiscard]] inline std::uint64_t others_count(const Problem& problem) {
  return is_root(problem) ? 0 : problem.count;
}

// The rank `steps` further from the root on the ring.
[[nodiscard]] inline int neighbour(const Problem& problem, int steps) {
  return wrap_rank(problem.rank + steps, problem.ranks);
}
// How many ranks further from the root this one is.
[[nodiscard]] inline int place(const Problem& problem) {
  return wrap_rank(problem.rank - problem.parameters.root, problem.ranks);
}

// One block a rank, where ranks are counted from the root.
[[nodiscard]] inline CyclicBlocks blocks_from_root(const Problem& problem) {
  return {problem.count, problem.ranks, problem.parameters.root};
}

}  // namespace podbench::rooted
