// Spread-out all-to-all: everything at once, but each rank begins with its neighbour, so that no rank is
// everybody's first.
//
// Q. Kang, R. Ross, R. Latham, S. Lee, A. Agrawal, A. Choudhary, W.-k. Liao, "Improving all-to-many
// personalized communication in two-phase I/O", SC 2020 (spread-out). Rounds 1; sent per rank (p-1)/p n.
#include "patterns/alltoall/exchange.hpp"

namespace podbench {

namespace {

Schedule plan_for(const Problem& problem, const Exchange& exchange) {
  const int p = problem.ranks, r = problem.rank;
  ScheduleBuilder plan;
  for (int k = 1; k < p; ++k) {
    const int from = wrap_rank(r - k, p), to = wrap_rank(r + k, p);
    plan.receive(from, output(exchange.incoming(from))).send(to, input(exchange.outgoing(to)));
  }
  plan.copy(input(exchange.outgoing(r)), output(exchange.incoming(r)));
  return plan.take();
}

Cost cost(const Problem& problem) {
  return {problem.ranks > 1 ? 1.0 : 0.0, others_share(problem.ranks) * static_cast<double>(problem.count)};
}

}  // namespace

extern const Algorithm alltoall_spread_out = {
    .pattern = "alltoall",
    .name = "spread_out",
    .summary = "everything at once, each rank beginning with its neighbour",
    .source = "Kang et al., SC 2020",
    .generate = [](const Problem& problem) { return plan_for(problem, Exchange::even(problem)); },
    .cost = cost,
};

extern const Algorithm alltoallv_spread_out = {
    .pattern = "alltoallv",
    .name = "spread_out",
    .summary = "everything at once, each rank beginning with its neighbour",
    .source = "Kang et al., SC 2020",
    .generate = [](const Problem& problem) { return plan_for(problem, Exchange::uneven(problem)); },
};

}  // namespace podbench
