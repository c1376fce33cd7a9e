#include "patterns/blocks.hpp"

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

}  // namespace podbench
