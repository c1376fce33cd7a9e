// The catalogue: one line a pattern, one line an algorithm, in the order of docs/patterns.md.

#include <algorithm>
#include <array>

#include "patterns/pattern.hpp"

// clang-format off
#define PODBENCH_PATTERNS(ENTRY) \
  ENTRY(pingpong_pattern)        \
  ENTRY(oneway_pattern)          \
  ENTRY(bandwidth_pattern)       \
  ENTRY(bidirectional_pattern)   \
  ENTRY(message_rate_pattern)    \
  ENTRY(multi_pair_pattern)      \
  ENTRY(put_pattern)             \
  ENTRY(get_pattern)             \
  ENTRY(allreduce_pattern)       \
  ENTRY(reduce_scatter_pattern)  \
  ENTRY(allgather_pattern)       \
  ENTRY(alltoall_pattern)        \
  ENTRY(alltoallv_pattern)       \
  ENTRY(broadcast_pattern)       \
  ENTRY(reduce_pattern)          \
  ENTRY(gather_pattern)          \
  ENTRY(scatter_pattern)         \
  ENTRY(barrier_pattern)         \
  ENTRY(halo_pattern)            \
  ENTRY(random_ring_pattern)     \
  ENTRY(shift_pattern)           \
  ENTRY(incast_pattern)          \
  ENTRY(outcast_pattern)         \
  ENTRY(bisection_pattern)       \
  ENTRY(pairs_pattern)           \
  ENTRY(flows_pattern)           \
  ENTRY(congestion_pattern)      \
  ENTRY(copy_pattern)            \
  ENTRY(training_step_pattern)

#define PODBENCH_ALGORITHMS(ENTRY)    \
  ENTRY(pingpong_direct)              \
  ENTRY(oneway_direct)                \
  ENTRY(bandwidth_direct)             \
  ENTRY(bidirectional_direct)         \
  ENTRY(message_rate_direct)          \
  ENTRY(multi_pair_direct)            \
  ENTRY(put_direct)                   \
  ENTRY(get_direct)                   \
  ENTRY(allreduce_ring)               \
  ENTRY(allreduce_recursive_doubling) \
  ENTRY(allreduce_rabenseifner)       \
  ENTRY(allreduce_tree)               \
  ENTRY(allreduce_one_shot)           \
  ENTRY(allreduce_two_shot)           \
  ENTRY(allreduce_double_binary_tree) \
  ENTRY(allreduce_swing)              \
  ENTRY(allreduce_bine)               \
  ENTRY(allreduce_hierarchical)       \
  ENTRY(allreduce_bucket_2d)          \
  ENTRY(allreduce_imported)           \
  ENTRY(allreduce_native)             \
  ENTRY(reduce_scatter_ring)          \
  ENTRY(reduce_scatter_recursive)     \
  ENTRY(reduce_scatter_bruck)         \
  ENTRY(reduce_scatter_pat)           \
  ENTRY(reduce_scatter_imported)      \
  ENTRY(reduce_scatter_native)        \
  ENTRY(allgather_ring)               \
  ENTRY(allgather_recursive)          \
  ENTRY(allgather_bruck)              \
  ENTRY(allgather_pat)                \
  ENTRY(allgather_imported)           \
  ENTRY(allgather_native)             \
  ENTRY(alltoall_linear)              \
  ENTRY(alltoall_spread_out)          \
  ENTRY(alltoall_pairwise)            \
  ENTRY(alltoall_bruck)               \
  ENTRY(alltoall_two_phase_2d)        \
  ENTRY(alltoall_imported)            \
  ENTRY(alltoall_native)              \
  ENTRY(alltoallv_linear)             \
  ENTRY(alltoallv_spread_out)         \
  ENTRY(alltoallv_pairwise)           \
  ENTRY(alltoallv_bruck)              \
  ENTRY(alltoallv_two_phase_2d)       \
  ENTRY(alltoallv_native)             \
  ENTRY(broadcast_linear)             \
  ENTRY(broadcast_binomial)           \
  ENTRY(broadcast_knomial)            \
  ENTRY(broadcast_chain)              \
  ENTRY(broadcast_scatter_allgather)  \
  ENTRY(broadcast_imported)           \
  ENTRY(broadcast_native)             \
  ENTRY(reduce_linear)                \
  ENTRY(reduce_binomial)              \
  ENTRY(reduce_knomial)               \
  ENTRY(reduce_chain)                 \
  ENTRY(reduce_imported)              \
  ENTRY(reduce_native)                \
  ENTRY(gather_linear)                \
  ENTRY(gather_binomial)              \
  ENTRY(gather_knomial)               \
  ENTRY(gather_chain)                 \
  ENTRY(gather_native)                \
  ENTRY(scatter_linear)               \
  ENTRY(scatter_binomial)             \
  ENTRY(scatter_knomial)              \
  ENTRY(scatter_chain)                \
  ENTRY(scatter_native)               \
  ENTRY(barrier_dissemination)        \
  ENTRY(barrier_tree)                 \
  ENTRY(barrier_native)               \
  ENTRY(halo_direct)                  \
  ENTRY(random_ring_direct)           \
  ENTRY(shift_direct)                 \
  ENTRY(incast_direct)                \
  ENTRY(outcast_direct)               \
  ENTRY(bisection_direct)             \
  ENTRY(pairs_direct)                 \
  ENTRY(flows_direct)                 \
  ENTRY(congestion_direct)            \
  ENTRY(copy_direct)                  \
  ENTRY(training_step_by_parts)
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
