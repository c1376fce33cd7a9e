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

// All-to-all over `count` elements a rank. The block between two ranks is one element longer where the sum of
// their numbers is below count mod p, modulo p; so what a rank sends and what it receives both add up to
// `count`, and block lengths agree on both sides.
class ExchangeBlocks {
 public:
  ExchangeBlocks(std::uint64_t count, int ranks)
      : p_(static_cast<std::uint64_t>(ranks)), base_(count / p_), extra_(count % p_) {}

  [[nodiscard]] std::uint64_t count(int mine, int theirs) const {
    const std::uint64_t sum = static_cast<std::uint64_t>(mine) + static_cast<std::uint64_t>(theirs);
    return base_ + ((sum < p_ ? sum : sum - p_) < extra_ ? 1 : 0);
  }
  // The elements from rank `mine` to (or from) rank `theirs`, as they lie in `mine`'s buffer.
  [[nodiscard]] Block at(int mine, int theirs) const {
    const auto i = static_cast<std::uint64_t>(mine), j = static_cast<std::uint64_t>(theirs);
    // Blocks 0 … j-1 have the sums i … i+j-1; the longer ones have a sum in [0, extra) or in [p, p + extra).
    const std::uint64_t longer = common(i, i + j, 0, extra_) + common(i, i + j, p_, p_ + extra_);
    return {j * base_ + longer, count(mine, theirs)};
  }

 private:
  // How many numbers [a, b) and [c, d) have in common.
  [[nodiscard]] static std::uint64_t common(std::uint64_t a, std::uint64_t b, std::uint64_t c,
                                            std::uint64_t d) {
    const std::uint64_t begin = a > c ? a : c, end = b < d ? b : d;
    return end > begin ? end - begin : 0;
  }
  std::uint64_t p_, base_, extra_;
};

}  // namespace podbench
