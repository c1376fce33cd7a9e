#include <fmt/format.h>

#include "patterns/pattern.hpp"

namespace podbench {

namespace {

// Bounds far above any use and far below any overflow.
constexpr int largest_window = 1 << 16, largest_radix = 1 << 16;

}  // namespace

std::optional<std::string> refusal(const Pattern& pattern, const Algorithm& algorithm,
                                   const Problem& problem) {
  const Parameters& given = problem.parameters;
  const std::uint32_t knobs = pattern.knobs | algorithm.knobs;
  if (problem.ranks < pattern.least_ranks)
    return fmt::format("{} needs at least {} ranks, not {}", pattern.name, pattern.least_ranks,
                       problem.ranks);
  if ((knobs & knob_root) != 0 && (given.root < 0 || given.root >= problem.ranks))
    return fmt::format("root {} is not a rank; 0 to {} are", given.root, problem.ranks - 1);
  if ((knobs & knob_window) != 0 && (given.window < 1 || given.window > largest_window))
    return fmt::format("window {} is not between 1 and {}", given.window, largest_window);
  if ((knobs & knob_radix) != 0 && (given.radix < 2 || given.radix > largest_radix))
    return fmt::format("radix {} is not between 2 and {}", given.radix, largest_radix);
  return algorithm.forbids == nullptr ? std::nullopt : algorithm.forbids(problem);
}

}  // namespace podbench
