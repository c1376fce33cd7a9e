#include "transports/conformance/content.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace podbench::conformance {
namespace {

// The finaliser of a 64-bit mixing function (Steele, Lea and Flood, "Fast splittable pseudorandom number
// generators", OOPSLA 2014).
std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

std::uint64_t word_of(std::uint64_t seed, std::uint64_t index) {
  return mix(seed + (index + 1) * 0x9e3779b97f4a7c15);
}

template <typename T>
void put(std::byte* at, T value) {
  std::memcpy(at, &value, sizeof value);
}

void put_element(std::byte* at, DataType type, int value) {
  // 1 and 2 as the upper half of their float32, and as IEEE half precision.
  constexpr std::uint16_t bfloat16[] = {0x3f80, 0x4000}, float16[] = {0x3c00, 0x4000};
  switch (type) {
    case DataType::float32:
      return put(at, static_cast<float>(value));
    case DataType::float64:
      return put(at, static_cast<double>(value));
    case DataType::bfloat16:
      return put(at, bfloat16[value - 1]);
    case DataType::float16:
      return put(at, float16[value - 1]);
    case DataType::int32:
      return put(at, static_cast<std::int32_t>(value));
    case DataType::int64:
      return put(at, static_cast<std::int64_t>(value));
    case DataType::uint8:
      return put(at, static_cast<std::uint8_t>(value));
  }
}

}  // namespace

void fill(std::span<std::byte> bytes, std::uint64_t seed) {
  for (std::size_t i = 0; i < bytes.size(); i += 8) {
    const std::uint64_t word = word_of(seed, i / 8);
    std::memcpy(bytes.data() + i, &word, std::min<std::size_t>(8, bytes.size() - i));
  }
}

std::string difference(std::span<const std::byte> bytes, std::uint64_t seed) {
  for (std::size_t i = 0; i < bytes.size(); i += 8) {
    const std::uint64_t word = word_of(seed, i / 8);
    if (std::memcmp(bytes.data() + i, &word, std::min<std::size_t>(8, bytes.size() - i)) == 0) continue;
    for (std::size_t b = i;; ++b) {
      const auto expected = static_cast<std::uint8_t>(word >> (8 * (b - i)));
      if (bytes[b] == std::byte{expected}) continue;
      return fmt::format("byte {} of {} is {:#04x} and should be {:#04x}", b, bytes.size(),
                         static_cast<unsigned>(bytes[b]), expected);
    }
  }
  return {};
}

std::uint64_t seed_of(int from, int to, std::uint64_t index) {
  return mix((static_cast<std::uint64_t>(from) << 48) ^ (static_cast<std::uint64_t>(to) << 32) ^ index);
}

void fill_elements(std::span<std::byte> bytes, DataType type, std::uint64_t seed) {
  const std::size_t size = size_of(type);
  for (std::size_t i = 0; i < bytes.size() / size; ++i)
    put_element(bytes.data() + i * size, type, 1 + static_cast<int>(word_of(seed, i) % 2));
}

}  // namespace podbench::conformance
