// What the data check puts into inputs and expects in outputs.
//
// Contents are numbers whose reduction over all ranks is exact in the type whatever the order of the
// operations and wherever it is cut into partial results, for up to most_content_ranks ranks, and is known
// without adding anything up. They differ by rank, element and round as far as the type has bits for it, so
// that a lost, a doubled, a misplaced and a stale contribution each show. How: exact_contents.hpp.
//
// Thread-safety: pure. Cost: a few operations an element, none of them a rank.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/datatype.hpp"

namespace podbench {

inline constexpr int most_content_ranks = 1 << 20;

// Everything that a rank's input depends on, besides rank and element.
struct Content {
  DataType type = DataType::float32;
  std::optional<Op> op;  // empty where the pattern only moves data: then elements use all of the type's bits
  int ranks = 1;         // 1 ... most_content_ranks
  std::uint64_t round = 0;  // any number; a new one for each operation
};

// What is wrong in a checked range.
struct Mismatch {
  std::uint64_t element = 0;  // of the first wrong one, counted as `first` is
  std::string expected, found;
  std::uint64_t wrong = 0;  // elements that differ
};

// Writes input elements [first, first + out.size() / size_of(type)) of `rank`. `out` is a whole number of
// elements and needs no alignment.
void fill_input(const Content& content, int rank, std::uint64_t first, std::span<std::byte> out);

// Compares bit by bit with the input elements of `source` from `first` on.
[[nodiscard]] std::optional<Mismatch> check_copy(const Content& content, int source, std::uint64_t first,
                                                 std::span<const std::byte> found);

// Compares bit by bit with the reduction of input elements from `first` on over all ranks. content.op is set.
[[nodiscard]] std::optional<Mismatch> check_reduction(const Content& content, std::uint64_t first,
                                                      std::span<const std::byte> found);

// One element as a person reads it: "1536", "-0.25", "nan".
[[nodiscard]] std::string element_text(DataType type, const std::byte* element);

}  // namespace podbench
