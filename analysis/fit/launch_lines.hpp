// The same piece fitted in each launch by itself: what a parameter's interval is made of.
// Thread-safety: pure. Units: in the names.
#pragma once

#include <cstdint>
#include <map>

#include "analysis/fit/line.hpp"
#include "analysis/fit/measured.hpp"

namespace podbench::fit {

// By launch, of those that have all of the sizes within [first, last]; at least two sizes.
[[nodiscard]] std::map<int, Line> launch_lines(const Points& points, std::uint64_t first_bytes,
                                               std::uint64_t last_bytes, double noise);

// Relative noise of the points' medians: from how unlike the launches are, or with fewer than three from the
// curve itself; at least least_noise (pieces.hpp).
[[nodiscard]] double noise_of(const Points& points);

}  // namespace podbench::fit
