// Pairwise exchange: in round k a rank sends to the rank k above it and receives from the rank k below it.
//
// R. Thakur, R. Rabenseifner, W. Gropp, "Optimization of collective communication operations in MPICH",
// IJHPCA 19(1), 2005 (long messages). Rounds p-1; sent per rank (p-1)/p n.
#include "patterns/alltoall/exchange.hpp"

namespace podbench {

namespace {

Schedule plan_for(const Problem& problem, const Exchange& exchange) {
  const int p = problem.ranks, r = problem.rank;
  ScheduleBuilder plan;
  for (int k = 1; k < p; ++k) {
    const int to = wrap_rank(r + k, p), from = wrap_rank(r - k, p);
    plan.send(to, input(exchange.outgoing(to))).receive(from, output(exchange.incoming(from))).end_step();
  }
  plan.copy(input(exchange.outgoing(r)), output(exchange.incoming(r)));
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
    .generate = [](const Problem& problem) { return plan_for(problem, Exchange::even(problem)); },
    .cost = cost,
};

extern const Algorithm alltoallv_pairwise = {
    .pattern = "alltoallv",
    .name = "pairwise",
    .summary = "p - 1 rounds, one partner to send to and one to receive from in each",
    .source = "Thakur, Rabenseifner & Gropp, IJHPCA 2005",
    .generate = [](const Problem& problem) { return plan_for(problem, Exchange::uneven(problem)); },
};

}  // namespace podbench
