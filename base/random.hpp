// A small seeded generator for everything that is shuffled or drawn and must come out the same again from the
// same seed on every machine (the standard library's distributions do not promise that).
//
// Generator: xoshiro256** (Blackman & Vigna, "Scrambled Linear Pseudorandom Number Generators", 2018), seeded
// through splitmix64. Not for secrets. Thread-safety: one Random a thread.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <utility>

namespace podbench {

// A bijection of 64-bit numbers that leaves no visible pattern: splitmix64's output function.
[[nodiscard]] constexpr std::uint64_t mix64(std::uint64_t x) noexcept {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9u;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebu;
  return x ^ x >> 31;
}

class Random {
 public:
  explicit constexpr Random(std::uint64_t seed) noexcept {
    for (std::uint64_t& word : state_) word = mix64(seed += 0x9e3779b97f4a7c15u);
  }

  [[nodiscard]] constexpr std::uint64_t next() noexcept {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  // Uniform in [0, bound); bound is at least 1. Draws again instead of favouring small numbers.
  [[nodiscard]] constexpr std::uint64_t below(std::uint64_t bound) noexcept {
    const std::uint64_t unfair = (0 - bound) % bound;  // 2^64 mod bound
    std::uint64_t value = next();
    while (value < unfair) value = next();
    return value % bound;
  }

  // Uniform in [0, 1), a multiple of 2^-53.
  [[nodiscard]] constexpr double unit() noexcept { return static_cast<double>(next() >> 11) * 0x1p-53; }

  // Every order is equally likely (Fisher and Yates).
  template <class T>
  constexpr void shuffle(std::span<T> items) noexcept {
    for (std::size_t left = items.size(); left > 1; --left) std::swap(items[left - 1], items[below(left)]);
  }

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace podbench
