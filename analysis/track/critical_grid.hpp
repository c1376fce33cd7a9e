// For which lengths and probabilities critical values are tabulated. Thread-safety: constants.
#pragma once

#include <array>
#include <cstddef>

namespace podbench::track {

inline constexpr std::array<std::size_t, 20> critical_lengths = {12, 14, 16, 18, 20, 24,  28,  32,  40,  48,
                                                                 56, 64, 72, 80, 96, 112, 128, 144, 168, 192};
inline constexpr std::array<double, 7> critical_probabilities = {1e-1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4, 1e-4};

}  // namespace podbench::track
