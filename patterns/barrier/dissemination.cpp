// Dissemination barrier: in round k a rank tells the rank 2^k above it and hears from the rank 2^k below it.
//
// D. Hensgen, R. Finkel, U. Manber, "Two algorithms for barrier synchronization", International Journal of
// Parallel Programming 17(1), 1988. Rounds ceil(log2 p); one token a round.
#include "patterns/contracts.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  const int p = problem.ranks, r = problem.rank;
  ScheduleBuilder plan;
  const Range heard = plan.reserve_scratch(1);
  for (int round = 0; round < log2_ceil(p); ++round) {
    const int hop = 1 << round;
    plan.send(wrap_rank(r + hop, p), input(0, 1)).receive(wrap_rank(r - hop, p), heard).end_step();
  }
  return plan.take();
}

Cost cost(const Problem& problem) {
  const double rounds = log2_ceil(problem.ranks);
  return {rounds, rounds};
}

}  // namespace

extern const Algorithm barrier_dissemination = {
    .pattern = "barrier",
    .name = "dissemination",
    .summary = "tokens at doubling distance",
    .source = "Hensgen, Finkel & Manber, IJPP 1988",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
