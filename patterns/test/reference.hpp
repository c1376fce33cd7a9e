// A second, naive judge of schedules, to hold the prover against: element by element, with plain sets, in a
// random order, sharing no code with it. Slow; for a few ranks and a few dozen elements.
#pragma once

#include <string>

#include "patterns/check.hpp"

namespace podbench {

// What is wrong with the schedules, or an empty string.
[[nodiscard]] std::string reference_fault(const Pattern& pattern, const Problem& problem,
                                          std::span<const Schedule> schedules, unsigned seed);

}  // namespace podbench
