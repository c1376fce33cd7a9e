#include <fmt/format.h>

#include <algorithm>

#include "patterns/alltoallv/count_matrix.hpp"
#include "patterns/pattern.hpp"
#include "patterns/stress/tournament.hpp"
#include "patterns/training_step/workload.hpp"

namespace podbench {

namespace {

// Bounds far above any use and far below any overflow.
constexpr int largest_window = 1 << 16, largest_radix = 1 << 16;
constexpr std::uint64_t most_segments = 1 << 16;
constexpr double largest_skew = 16;

std::optional<std::string> refuse_skew(const Problem& problem) {
  const Parameters& given = problem.parameters;
  if (!(given.skew >= 0 && given.skew <= largest_skew))
    return fmt::format("skew {} is not between 0 and {}", given.skew, largest_skew);
  return std::nullopt;
}

std::optional<std::string> refuse_matrix(const Problem& problem) {
  const Parameters& given = problem.parameters;
  if (given.matrix == nullptr) return std::nullopt;
  if (given.matrix->ranks != problem.ranks)
    return fmt::format("the count matrix {} is for {} ranks, not {}", given.matrix->source.name,
                       given.matrix->ranks, problem.ranks);
  return std::nullopt;
}

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
  if ((knobs & knob_round) != 0 && (given.round < 0 || given.round >= tournament_rounds(problem.ranks)))
    return fmt::format("round {} is not one of {}", given.round, tournament_rounds(problem.ranks));
  const bool cut = (knobs & knob_segment) != 0 && given.segment_count > 0;
  if (cut && problem.count / given.segment_count >= most_segments)
    return fmt::format("segments of {} cut {} elements into more than {}", given.segment_count, problem.count,
                       most_segments);
  if ((knobs & knob_skew) != 0)
    if (auto reason = refuse_skew(problem)) return reason;
  if ((knobs & (knob_skew | knob_matrix)) != 0)
    if (auto reason = refuse_matrix(problem)) return reason;
  if (!problem.node_of_rank.empty() && problem.node_of_rank.size() != static_cast<std::size_t>(problem.ranks))
    return fmt::format("{} node numbers for {} ranks", problem.node_of_rank.size(), problem.ranks);
  if ((knobs & knob_workload) != 0)
    if (auto reason = refuse_workload(problem)) return reason;
  return algorithm.forbids == nullptr ? std::nullopt : algorithm.forbids(problem);
}

}  // namespace podbench
