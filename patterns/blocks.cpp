#include "patterns/blocks.hpp"

#include <algorithm>

namespace podbench {

std::vector<Block> even_blocks(std::uint64_t count, int ranks) {
  std::vector<Block> blocks;
  blocks.reserve(static_cast<std::size_t>(ranks));
  for (int r = 0; r < ranks; ++r) blocks.push_back(block_of(count, ranks, r));
  return blocks;
}

std::vector<Block> CyclicBlocks::runs(int first, int last) const {
  const int begin = first + origin_, end = last + origin_;
  if (begin >= ranks_) return {blocks_of(count_, ranks_, begin - ranks_, end - ranks_)};
  if (end <= ranks_) return {blocks_of(count_, ranks_, begin, end)};
  return {blocks_of(count_, ranks_, begin, ranks_), blocks_of(count_, ranks_, 0, end - ranks_)};
}

std::uint64_t CyclicBlocks::count(int first, int last) const {
  std::uint64_t sum = 0;
  for (const Block& run : runs(first, last)) sum += run.count;
  return sum;
}

Block exchange_block(std::uint64_t count, int ranks, int mine, int theirs) {
  const auto p = static_cast<std::uint64_t>(ranks);
  const auto i = static_cast<std::uint64_t>(mine), j = static_cast<std::uint64_t>(theirs);
  const std::uint64_t base = count / p, extra = count % p;
  // Blocks 0 … j-1 have the sums i … i+j-1; the longer ones have a sum in [0, extra) or in [p, p + extra).
  const auto common = [&](std::uint64_t low, std::uint64_t high) {
    const std::uint64_t begin = std::max(i, low), end = std::min(i + j, high);
    return end > begin ? end - begin : 0;
  };
  const std::uint64_t sum = i + j < p ? i + j : i + j - p;
  return {j * base + common(0, extra) + common(p, p + extra), base + (sum < extra ? 1 : 0)};
}

}  // namespace podbench
