// How pipelined algorithms cut their vector. Thread-safety: pure.
#pragma once

#include <algorithm>
#include <cstdint>

#include "patterns/blocks.hpp"

namespace podbench {

// `count` elements in segments of `segment_count`, the last one perhaps shorter. segment_count 0 chooses:
// 32 Ki elements, a size at which a message's start hardly counts any more, but at most 256 segments.
class Segments {
 public:
  Segments(std::uint64_t count, std::uint64_t segment_count)
      : count_(count),
        each_(segment_count > 0 ? segment_count : std::max(usual_count, (count + 255) / 256)) {}

  [[nodiscard]] std::uint64_t size() const { return (count_ + each_ - 1) / each_; }
  [[nodiscard]] Block operator[](std::uint64_t index) const {
    const std::uint64_t first = index * each_;
    return {first, std::min(each_, count_ - first)};
  }

 private:
  static constexpr std::uint64_t usual_count = 32 * 1024;
  std::uint64_t count_, each_;
};

}  // namespace podbench
