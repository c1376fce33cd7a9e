// Planted faults: every way to break one place of one rank's schedule, of eight kinds.
#pragma once

#include <array>
#include <functional>
#include <string_view>
#include <vector>

#include "patterns/schedule.hpp"

namespace podbench {

inline constexpr std::array<std::string_view, 8> mutant_kinds{
    "dropped step",   "dropped action", "swapped peer",         "off-by-one range",
    "reversed order", "wrong tag",      "duplicated reduction", "wrong buffer"};

// Calls visit(kind, mutant) for every mutant of `schedule`. Where a schedule reduces nothing, a send or
// receive is duplicated in place of a reduction (a put or get that is done twice leaves the same). No mutant
// is the schedule itself.
void for_each_mutant(const Schedule& schedule, int ranks,
                     const std::function<void(std::size_t kind, const Schedule& mutant)>& visit);

}  // namespace podbench
