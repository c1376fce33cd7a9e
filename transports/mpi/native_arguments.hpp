// The counts of a native call as MPI wants them. Thread-safety: values. Errors: RunError for a count or an
// offset beyond int.
#pragma once

#include <fmt/format.h>

#include <climits>
#include <cstdint>
#include <span>
#include <vector>

#include "base/error.hpp"

namespace podbench::mpi {

[[nodiscard]] inline int to_int(std::uint64_t value) {
  if (value > INT_MAX)
    throw RunError(fmt::format("MPI's collectives take at most {} elements a block, not {}", INT_MAX, value));
  return static_cast<int>(value);
}

// One side of a collective: blocks, one a rank.
struct Blocks {
  std::vector<int> counts;
  std::vector<int> offsets;
  bool regular = true;  // of equal length, one behind the other, as the plain calls have it

  Blocks() = default;
  Blocks(std::span<const std::uint64_t> block_counts, std::span<const std::uint64_t> block_offsets) {
    for (std::size_t i = 0; i < block_counts.size(); ++i) {
      counts.push_back(to_int(block_counts[i]));
      offsets.push_back(to_int(block_offsets[i]));
      regular = regular && block_counts[i] == block_counts[0] && block_offsets[i] == i * block_counts[0];
    }
  }
  // Of a side that is one block.
  [[nodiscard]] int only() const { return counts.empty() ? 0 : counts.front(); }
};

}  // namespace podbench::mpi
