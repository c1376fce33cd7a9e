// Bruck all-gather: in round k a rank gets up to 2^k blocks from the rank 2^k above it.
//
// J. Bruck, C.-T. Ho, S. Kipnis, E. Upfal, D. Weathersby, "Efficient algorithms for all-to-all communications
// in multiport message-passing systems", IEEE TPDS 8(11), 1997. Rounds ceil(log2 p); sent per rank (p-1)/p n.
//
// The blocks lie where they belong from the start, so nothing is rotated; where they go past the last rank, a
// message is two.
#include <algorithm>

#include "patterns/contracts.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  const int p = problem.ranks, r = problem.rank;
  const CyclicBlocks blocks(problem.count, p, r);
  const Range own = input(0, own_block_count(problem));
  ScheduleBuilder plan;
  if (p == 1) plan.copy(own, output(blocks.at(0)));
  for (int have = 1; have < p; have *= 2) {
    const int more = std::min(have, p - have);
    const int to = wrap_rank(r - have, p), from = wrap_rank(r + have, p);
    for (const Block& run : blocks.runs(0, more)) plan.send(to, have == 1 ? own : output(run));
    for (const Block& run : blocks.runs(have, have + more)) plan.receive(from, output(run));
    if (have == 1) plan.copy(own, output(blocks.at(0)));
    plan.end_step();
  }
  return plan.take();
}

Cost cost(const Problem& problem) {
  return {static_cast<double>(log2_ceil(problem.ranks)),
          others_share(problem.ranks) * static_cast<double>(problem.count)};
}

}  // namespace

extern const Algorithm allgather_bruck = {
    .pattern = "allgather",
    .name = "bruck",
    .summary = "log p rounds for any number of ranks",
    .source = "Bruck et al., IEEE TPDS 1997",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
