// Ring all-gather: every block runs once around the ring.
//
// R. Thakur, R. Rabenseifner, W. Gropp, "Optimization of collective communication operations in MPICH",
// IJHPCA 19(1), 2005. Rounds p-1; sent per rank (p-1)/p n.
#include "patterns/contracts.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  const int p = problem.ranks, r = problem.rank;
  const int right = wrap_rank(r + 1, p), left = wrap_rank(r - 1, p);
  const auto block = [&](int index) { return output(block_of(problem.count, p, wrap_rank(index, p))); };
  const Range own = input(0, own_block_count(problem));
  ScheduleBuilder plan;
  for (int k = 0; k < p - 1; ++k)
    plan.send(right, k == 0 ? own : block(r - k)).receive(left, block(r - k - 1)).end_step();
  plan.copy(own, block(r));
  return plan.take();
}

Cost cost(const Problem& problem) {
  return {problem.ranks - 1.0, others_share(problem.ranks) * static_cast<double>(problem.count)};
}

}  // namespace

extern const Algorithm allgather_ring = {
    .pattern = "allgather",
    .name = "ring",
    .summary = "every block once around a ring",
    .source = "Thakur, Rabenseifner & Gropp, IJHPCA 2005",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
