// Who sends how many elements to whom, from a text that a person gives: a line a sender, in each line a
// number a receiver, separated by commas, semicolons or blanks; empty lines and what follows a # do not
// count. Thread-safety: values.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "patterns/pattern.hpp"

namespace podbench {

struct CountMatrix {
  SourceText source;
  int ranks = 0;
  std::vector<std::uint64_t> counts;  // ranks × ranks, row = sender

  [[nodiscard]] std::uint64_t at(int from, int to) const {
    return counts[static_cast<std::size_t>(from) * static_cast<std::size_t>(ranks) +
                  static_cast<std::size_t>(to)];
  }
};

// RequestError with the line where a row is not as long as the matrix is high, where a word is no whole
// number from 0 to 2^40, or where there are more than 4096 rows.
[[nodiscard]] std::shared_ptr<const CountMatrix> parse_count_matrix(SourceText source);

}  // namespace podbench
