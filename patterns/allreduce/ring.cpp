// Ring all-reduce: a reduce-scatter around the ring, then an all-gather around it.
//
// P. Patarasuk, X. Yuan, "Bandwidth optimal all-reduce algorithms for clusters of workstations", JPDC 69(2),
// 2009. Rounds 2(p-1); sent per rank 2(p-1)/p n.
#include "patterns/contracts.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  const int p = problem.ranks, r = problem.rank;
  const int right = wrap_rank(r + 1, p), left = wrap_rank(r - 1, p);
  const auto block = [&](int index) { return block_of(problem.count, p, wrap_rank(index, p)); };
  ScheduleBuilder plan;
  if (p == 1) plan.copy(input(block(0)), output(block(0)));
  for (int k = 0; k < p - 1; ++k) {
    const Block going = block(r - k), coming = block(r - k - 1);
    plan.send(right, k == 0 ? input(going) : output(going))
        .receive_reduce(left, output(coming), input(coming))
        .end_step();
  }
  for (int k = 0; k < p - 1; ++k)
    plan.send(right, output(block(r + 1 - k))).receive(left, output(block(r - k))).end_step();
  return plan.take();
}

Cost cost(const Problem& problem) {
  return {2.0 * (problem.ranks - 1), 2 * others_share(problem.ranks) * static_cast<double>(problem.count)};
}

}  // namespace

extern const Algorithm allreduce_ring = {
    .pattern = "allreduce",
    .name = "ring",
    .summary = "reduce-scatter and all-gather around a ring",
    .source = "Patarasuk & Yuan, JPDC 2009",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
