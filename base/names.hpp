// Help for a person who mistyped a name.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace podbench {

// One line for a RequestError: `unknown <kind> "<given>"; did you mean "<closest>"? known: a, b, c`. The
// suggestion is left out where nothing is close (Levenshtein distance above a third of the length).
[[nodiscard]] std::string unknown_name(std::string_view kind, std::string_view given,
                                       std::span<const std::string> known);

}  // namespace podbench
