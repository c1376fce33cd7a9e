// Linear all-to-all: everybody sends everything at once, to rank 0 first, then rank 1 and so on.
//
// R. Thakur, R. Rabenseifner, W. Gropp, "Optimization of collective communication operations in MPICH",
// IJHPCA 19(1), 2005 (the plain non-blocking way). Rounds 1; sent per rank (p-1)/p n.
#include "patterns/alltoall/exchange.hpp"

namespace podbench {

namespace {

Schedule plan_for(const Problem& problem, const Exchange& exchange) {
  const int r = problem.rank;
  ScheduleBuilder plan;
  for (int peer = 0; peer < problem.ranks; ++peer)
    if (peer != r) plan.receive(peer, output(exchange.incoming(peer)));
  for (int peer = 0; peer < problem.ranks; ++peer)
    if (peer != r) plan.send(peer, input(exchange.outgoing(peer)));
  plan.copy(input(exchange.outgoing(r)), output(exchange.incoming(r)));
  return plan.take();
}

Cost cost(const Problem& problem) {
  return {problem.ranks > 1 ? 1.0 : 0.0, others_share(problem.ranks) * static_cast<double>(problem.count)};
}

}  // namespace

extern const Algorithm alltoall_linear = {
    .pattern = "alltoall",
    .name = "linear",
    .summary = "everything at once, in order of rank",
    .source = "Thakur, Rabenseifner & Gropp, IJHPCA 2005",
    .generate = [](const Problem& problem) { return plan_for(problem, Exchange::even(problem)); },
    .cost = cost,
};

extern const Algorithm alltoallv_linear = {
    .pattern = "alltoallv",
    .name = "linear",
    .summary = "everything at once, in order of rank",
    .source = "Thakur, Rabenseifner & Gropp, IJHPCA 2005",
    .generate = [](const Problem& problem) { return plan_for(problem, Exchange::uneven(problem)); },
};

}  // namespace podbench
