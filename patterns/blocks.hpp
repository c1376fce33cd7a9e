// How the patterns cut their elements into blocks. Offsets and lengths never assume that anything divides
// evenly. Thread-safety: pure.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "patterns/pattern.hpp"

namespace podbench {

// `value` modulo `ranks`, never negative: rank arithmetic on a ring.
[[nodiscard]] constexpr int wrap_rank(int value, int ranks) {
  const int rest = value % ranks;
  return rest < 0 ? rest + ranks : rest;
}

// ceil(log2(ranks)) and floor(log2(ranks)).
[[nodiscard]] constexpr int log2_ceil(int ranks) {
  return std::bit_width(static_cast<unsigned>(ranks) - 1U);
}
[[nodiscard]] constexpr int log2_floor(int ranks) {
  return std::bit_width(static_cast<unsigned>(ranks)) - 1;
}

// The part of a buffer that a block names.
[[nodiscard]] constexpr Range input(Block block) {
  return input(block.first, block.count);
}
[[nodiscard]] constexpr Range output(Block block) {
  return output(block.first, block.count);
}

// The part [first, first + count) of a range.
[[nodiscard]] constexpr Range part(Range whole, std::uint64_t first, std::uint64_t count) {
  return {whole.buffer, whole.first + first, count};
}

// The blocks [first, last) of `count` elements cut into `parts`, as one block.
[[nodiscard]] constexpr Block blocks_of(std::uint64_t count, int parts, int first, int last) {
  const std::uint64_t begin = first == parts ? count : block_of(count, parts, first).first;
  const std::uint64_t end = last == parts ? count : block_of(count, parts, last).first;
  return {begin, end - begin};
}

// One block a rank, in order of rank.
[[nodiscard]] std::vector<Block> even_blocks(std::uint64_t count, int ranks);

// One block a rank, on a ring of ranks that is counted from rank `origin`.
class CyclicBlocks {
 public:
  CyclicBlocks(std::uint64_t count, int ranks, int origin) : count_(count), ranks_(ranks), origin_(origin) {}

  // The blocks of the places [first, last), at most all of them, as they lie in a buffer ordered by rank: one
  // run, or two where they go past the last rank. 0 <= first <= p.
  [[nodiscard]] std::vector<Block> runs(int first, int last) const;
  // The block of one place.
  [[nodiscard]] Block at(int place) const { return block_of(count_, ranks_, (place + origin_) % ranks_); }
  // The elements of the places [first, last).
  [[nodiscard]] std::uint64_t count(int first, int last) const;

 private:
  std::uint64_t count_;
  int ranks_, origin_;
};

// All-to-all over `count` elements a rank: the elements from rank `mine` to (or from) rank `theirs`, as they
// lie in `mine`'s buffer. A block is one element longer where (mine + theirs) mod p < count mod p, so that
// what a rank sends and what it receives both add up to `count`, and block lengths agree on both sides.
[[nodiscard]] Block exchange_block(std::uint64_t count, int ranks, int mine, int theirs);

}  // namespace podbench
