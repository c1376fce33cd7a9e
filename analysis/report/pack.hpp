// Samples in few characters: differences of neighbours, as numbers of variable length (LEB128 of zigzag, as
// in the DWARF standard 7.6 and in Protocol Buffers), in base64. Times of one case are alike, so that most
// differences take one or two bytes. Thread-safety: pure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace podbench::report {

[[nodiscard]] std::string pack(std::span<const std::uint64_t> values);

// What is left where only every k-th sample is kept.
struct Thinned {
  std::vector<std::uint64_t> kept;  // at 0, k, 2k, …
  // Largest samples that are not among them, by place: a thinner picture still shows every tail's height.
  std::vector<std::pair<std::size_t, std::uint64_t>> largest;
};
[[nodiscard]] Thinned thin(std::span<const std::uint64_t> samples, std::size_t k);

}  // namespace podbench::report
