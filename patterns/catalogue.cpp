// The catalogue: one line a pattern, one line an algorithm, in the order of docs/patterns.md.

#include <algorithm>
#include <array>

#include "patterns/pattern.hpp"

// clang-format off
#define PODBENCH_PATTERNS(ENTRY) \
  ENTRY(pingpong_pattern)        \
  ENTRY(bandwidth_pattern)       \
  ENTRY(bidirectional_pattern)   \
  ENTRY(message_rate_pattern)    \
  ENTRY(allreduce_pattern)       \
  ENTRY(alltoall_pattern)        \
  ENTRY(barrier_pattern)

#define PODBENCH_ALGORITHMS(ENTRY)    \
  ENTRY(pingpong_direct)              \
  ENTRY(bandwidth_direct)             \
  ENTRY(bidirectional_direct)         \
  ENTRY(message_rate_direct)          \
  ENTRY(allreduce_ring)               \
  ENTRY(allreduce_recursive_doubling) \
  ENTRY(allreduce_rabenseifner)       \
  ENTRY(allreduce_native)             \
  ENTRY(alltoall_pairwise)            \
  ENTRY(alltoall_bruck)               \
  ENTRY(alltoall_native)              \
  ENTRY(barrier_dissemination)        \
  ENTRY(barrier_native)
// clang-format on

namespace podbench {

#define DECLARE_PATTERN(NAME) extern const Pattern NAME;
#define DECLARE_ALGORITHM(NAME) extern const Algorithm NAME;
PODBENCH_PATTERNS(DECLARE_PATTERN)
PODBENCH_ALGORITHMS(DECLARE_ALGORITHM)

#define ADDRESS_OF(NAME) &NAME,

std::span<const Pattern* const> all_patterns() {
  static constexpr std::array patterns = std::to_array<const Pattern*>({PODBENCH_PATTERNS(ADDRESS_OF)});
  return patterns;
}

std::span<const Algorithm* const> all_algorithms() {
  static constexpr std::array algorithms = std::to_array<const Algorithm*>({PODBENCH_ALGORITHMS(ADDRESS_OF)});
  return algorithms;
}

const Pattern* find_pattern(std::string_view name) {
  const auto all = all_patterns();
  const auto found = std::ranges::find(all, name, &Pattern::name);
  return found == all.end() ? nullptr : *found;
}

const Algorithm* find_algorithm(std::string_view pattern, std::string_view name) {
  const auto all = all_algorithms();
  const auto found =
      std::ranges::find_if(all, [&](const Algorithm* a) { return a->pattern == pattern && a->name == name; });
  return found == all.end() ? nullptr : *found;
}

std::vector<const Algorithm*> algorithms_of(std::string_view pattern) {
  std::vector<const Algorithm*> found;
  std::ranges::copy_if(all_algorithms(), std::back_inserter(found),
                       [&](const Algorithm* a) { return a->pattern == pattern; });
  return found;
}

}  // namespace podbench
