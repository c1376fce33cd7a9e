// Tree all-reduce: a binomial reduction to rank 0, then a binomial broadcast from it.
//
// R. Rabenseifner, "Optimization of collective reduction operations", ICCS 2004 (the reduce-and-broadcast
// that it improves on). Rounds 2 ceil(log2 p); the root sends n ceil(log2 p).
#include "patterns/contracts.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  const int p = problem.ranks, r = problem.rank;
  const Range sum = output(0, problem.count);
  ScheduleBuilder plan;
  Range have = input(0, problem.count);
  if (p == 1) plan.copy(have, sum);
  int bit = 1;  // at the end the lowest bit of r that is set: where its parent is
  for (; bit < p && (r & bit) == 0; bit *= 2)
    if (r + bit < p) {
      plan.receive_reduce(r + bit, sum, have).end_step();
      have = sum;
    }
  if (r != 0) plan.send(r - bit, have).end_step().receive(r - bit, sum).end_step();
  for (bit /= 2; bit >= 1; bit /= 2)
    if (r + bit < p) plan.send(r + bit, sum).end_step();
  return plan.take();
}

Cost cost(const Problem& problem) {
  const double height = log2_ceil(problem.ranks);
  return {2 * height, height * static_cast<double>(problem.count)};
}

}  // namespace

extern const Algorithm allreduce_tree = {
    .pattern = "allreduce",
    .name = "tree",
    .summary = "binomial reduction to rank 0, binomial broadcast from it",
    .source = "Rabenseifner, ICCS 2004",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
