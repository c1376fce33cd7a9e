// Chain gather: blocks run along a chain of all ranks towards the root, the nearest ones first.
//
// M. Barnett, L. Shuler, R. van de Geijn, S. Gupta, D. Payne, J. Watts, "Interprocessor collective
// communication library (InterCom)", SHPCC 1994 (the bucket that the long-vector collectives pass around).
// Rounds p-1; the root's neighbour sends (p-1)/p n.
#include "patterns/rooted/rooted.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  const int place = rooted::place(problem), behind = problem.ranks - 1 - place;  // ranks further out
  const CyclicBlocks blocks = rooted::blocks_from_root(problem);
  const auto count_of = [&](int at) { return blocks.at(at).count; };
  const Range own = input(0, own_block_count(problem));
  const int outer = rooted::neighbour(problem, 1), inner = rooted::neighbour(problem, -1);
  ScheduleBuilder plan;
  if (place == 0) {
    plan.copy(own, output(blocks.at(0))).end_step();
    for (int v = 1; v < problem.ranks; ++v) plan.receive(outer, output(blocks.at(v))).end_step();
    return plan.take();
  }
  // Two places for blocks that pass through: one arrives while the other leaves.
  const std::uint64_t longest = block_of(problem.count, problem.ranks, 0).count;
  const Range passing[2] = {plan.reserve_scratch(behind > 0 ? longest : 0),
                            plan.reserve_scratch(behind > 1 ? longest : 0)};
  for (int k = 0; k <= behind; ++k) {
    plan.send(inner, k == 0 ? own : part(passing[(k - 1) % 2], 0, count_of(place + k)));
    if (k < behind) plan.receive(outer, part(passing[k % 2], 0, count_of(place + k + 1)));
    plan.end_step();
  }
  return plan.take();
}

Cost cost(const Problem& problem) {
  return {problem.ranks - 1.0, others_share(problem.ranks) * static_cast<double>(problem.count)};
}

}  // namespace

extern const Algorithm gather_chain = {
    .pattern = "gather",
    .name = "chain",
    .summary = "blocks passed along a chain of all ranks",
    .source = "Barnett et al., SHPCC 1994",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
