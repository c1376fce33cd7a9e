// Counts and bounds that several patterns share, so that a pattern's own file says only what is its own.
// Thread-safety: pure.
#pragma once

#include <cstdint>

#include "patterns/blocks.hpp"
#include "patterns/pattern.hpp"

namespace podbench {

[[nodiscard]] inline std::uint64_t whole_count(const Problem& problem) {
  return problem.count;
}
[[nodiscard]] inline std::uint64_t own_block_count(const Problem& problem) {
  return block_of(problem.count, problem.ranks, problem.rank).count;
}

// (p - 1) / p, the share of a buffer that belongs to the others.
[[nodiscard]] constexpr double others_share(int ranks) {
  return (ranks - 1.0) / ranks;
}

}  // namespace podbench
