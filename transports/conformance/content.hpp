// Contents that tests send and check: every byte depends on its place and on a seed, so that lost, stale,
// swapped and shifted bytes all show. Thread-safety: pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/datatype.hpp"

namespace podbench::conformance {

void fill(std::span<std::byte> bytes, std::uint64_t seed);
// Empty where `bytes` are what fill() wrote with this seed, else where the first difference is.
[[nodiscard]] std::string difference(std::span<const std::byte> bytes, std::uint64_t seed);

// A seed that tells a message from all others of a test.
[[nodiscard]] std::uint64_t seed_of(int from, int to, std::uint64_t index);

// Writes bytes / size_of(type) elements of 1 or 2: sums over 64 ranks and products over 15 are exact in every
// floating-point type, whatever the order.
void fill_elements(std::span<std::byte> bytes, DataType type, std::uint64_t seed);

}  // namespace podbench::conformance
