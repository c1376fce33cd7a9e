// Pairwise exchange: in round k a rank sends to the rank k above it and receives from the rank k below it.
//
// R. Thakur, R. Rabenseifner, W. Gropp, "Optimization of collective communication operations in MPICH",
// IJHPCA 19(1), 2005 (long messages). Rounds p-1; sent per rank (p-1)/p n.
#include "patterns/contracts.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  const int p = problem.ranks, r = problem.rank;
  const auto block = [&](int peer) { return exchange_block(problem.count, p, r, peer); };
  ScheduleBuilder plan;
  for (int k = 1; k < p; ++k) {
    const int to = wrap_rank(r + k, p), from = wrap_rank(r - k, p);
    plan.send(to, input(block(to))).receive(from, output(block(from))).end_step();
  }
  plan.copy(input(block(r)), output(block(r)));
  return plan.take();
}

Cost cost(const Problem& problem) {
  return {problem.ranks - 1.0, others_share(problem.ranks) * static_cast<double>(problem.count)};
}

}  // namespace

extern const Algorithm alltoall_pairwise = {
    .pattern = "alltoall",
    .name = "pairwise",
    .summary = "p - 1 rounds, one partner to send to and one to receive from in each",
    .source = "Thakur, Rabenseifner & Gropp, IJHPCA 2005",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
