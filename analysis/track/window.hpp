// How far back a judgement looks. Thread-safety: constants. Units: nights.
#pragma once

#include <cstddef>

namespace podbench::track {

// A scan looks at most so many nights back in all, and at most so many nights after a change: what is older
// is another time of the machine's life, and a night's work stays bounded.
inline constexpr std::size_t longest_window = 192;
inline constexpr std::size_t most_after = 64;
inline constexpr std::size_t least_segment = 3;
// With fewer nights nothing is judged.
inline constexpr std::size_t least_window = 12;

// The number of nights after a change that a scan of n nights can look at.
[[nodiscard]] constexpr std::size_t longest_end(std::size_t n) {
  if (n < 2 * least_segment) return 0;
  return n - least_segment < most_after ? n - least_segment : most_after;
}

}  // namespace podbench::track
