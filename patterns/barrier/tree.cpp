// Tree barrier: tokens run up a binomial tree to rank 0 and down again.
//
// J. Mellor-Crummey, M. Scott, "Algorithms for scalable synchronization on shared-memory multiprocessors",
// TOCS 9(1), 1991 (tree barriers). Rounds 2 ceil(log2 p); rank 0 sends ceil(log2 p) tokens.
#include "patterns/contracts.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  const int p = problem.ranks, r = problem.rank;
  const Range token = input(0, 1);
  ScheduleBuilder plan;
  const Range heard = plan.reserve_scratch(1);
  int bit = 1;  // at the end the lowest bit of r that is set: where its parent is
  for (; bit < p && (r & bit) == 0; bit *= 2)
    if (r + bit < p) plan.receive(r + bit, heard).end_step();
  if (r != 0) plan.send(r - bit, token).end_step().receive(r - bit, heard).end_step();
  for (bit /= 2; bit >= 1; bit /= 2)
    if (r + bit < p) plan.send(r + bit, token).end_step();
  return plan.take();
}

Cost cost(const Problem& problem) {
  const double height = log2_ceil(problem.ranks);
  return {2 * height, height};
}

}  // namespace

extern const Algorithm barrier_tree = {
    .pattern = "barrier",
    .name = "tree",
    .summary = "tokens up a binomial tree and down again",
    .source = "Mellor-Crummey & Scott, TOCS 1991",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
