// Nights of a series that never changes, in five shapes of noise: what track must not raise alarms over.
// All have median or mean 1 and, where it exists, a standard deviation of `sd`, so that a step of 5% in 2%
// noise means the same in each. Thread-safety: pure but for the generator that is handed in.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "base/random.hpp"

namespace podbench::track {

enum class Noise { gaussian, student_t3, lognormal, autocorrelated, spikes };
inline constexpr std::array<Noise, 5> all_noises = {Noise::gaussian, Noise::student_t3, Noise::lognormal,
                                                    Noise::autocorrelated, Noise::spikes};
[[nodiscard]] std::string_view name_of(Noise noise);

// A standard normal number (Box & Muller 1958).
[[nodiscard]] double standard_normal(Random& random);

[[nodiscard]] std::vector<double> quiet_nights(Noise noise, std::size_t nights, double sd, Random& random);

}  // namespace podbench::track
