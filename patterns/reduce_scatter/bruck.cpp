// Bruck reduce-scatter: Bruck's all-gather run backwards, with reductions for copies. The blocks that a rank
// is still responsible for halve in every round.
//
// J. Bruck, C.-T. Ho, "Efficient global combine operations in multi-port message-passing systems", Parallel
// Processing Letters 3(4), 1993. Rounds ceil(log2 p); sent per rank (p-1)/p n.
#include <algorithm>

#include "patterns/contracts.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  const int p = problem.ranks, r = problem.rank;
  const CyclicBlocks blocks(problem.count, p, r);
  const Range own = output(0, own_block_count(problem));
  ScheduleBuilder plan;
  if (p == 1) return plan.copy(input(blocks.at(0)), own).end_step().take();
  const Range partial = plan.reserve_scratch(p > 2 ? problem.count : 0);
  const auto in = [](Range whole, Block b) { return part(whole, b.first, b.count); };
  Range have = input(0, problem.count);
  // This rank keeps `keep` blocks, its own the first, and hands over those from `keep` on.
  for (int keep = 1 << (log2_ceil(p) - 1); keep >= 1; keep /= 2) {
    const bool first = have.buffer == Buffer::input, last = keep == 1;
    const int given = std::min(keep, p - keep);
    for (const Block& run : blocks.runs(keep, keep + given)) plan.send(wrap_rank(r + keep, p), in(have, run));
    for (const Block& run : blocks.runs(0, given))
      plan.receive_reduce(wrap_rank(r - keep, p), last ? own : in(partial, run), in(have, run));
    // The blocks that the first round leaves alone join the others.
    if (first && !last)
      for (const Block& run : blocks.runs(given, keep)) plan.copy(in(have, run), in(partial, run));
    plan.end_step();
    have = partial;
  }
  return plan.take();
}

Cost cost(const Problem& problem) {
  return {static_cast<double>(log2_ceil(problem.ranks)),
          others_share(problem.ranks) * static_cast<double>(problem.count)};
}

}  // namespace

extern const Algorithm reduce_scatter_bruck = {
    .pattern = "reduce_scatter",
    .name = "bruck",
    .summary = "log p rounds for any number of ranks",
    .source = "Bruck & Ho, Parallel Processing Letters 1993",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
