// Two-shot all-reduce: each rank gets its block from everybody at once and reduces it, then sends it to
// everybody at once.
//
// R. Thakur, R. Rabenseifner, W. Gropp, "Optimization of collective communication operations in MPICH",
// IJHPCA 19(1), 2005: reduce-scatter and all-gather, each with one direct exchange between any two ranks in
// place of their pairwise rounds. Rounds 2; sent per rank 2(p-1)/p n. Where memory is shared a rank reads its
// block of all inputs in place and writes the result to all outputs at once: each element is read p times and
// written p times altogether, which is the least.
#include "patterns/contracts.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  const int p = problem.ranks, r = problem.rank;
  const auto block = [&](int rank) { return block_of(problem.count, p, rank); };
  const Range mine = input(block(r)), sum = output(block(r));
  ScheduleBuilder plan;
  if (p == 1) return plan.copy(mine, sum).take();
  if (p == 2) {
    plan.send(1 - r, input(block(1 - r))).receive_reduce(1 - r, sum, mine).end_step();
    return plan.send(1 - r, sum).receive(1 - r, output(block(1 - r))).take();
  }
  std::vector<Range> theirs;
  for (int k = 1; k < p; ++k) {
    const int to = wrap_rank(r - k, p), from = wrap_rank(r + k, p);
    theirs.push_back(plan.reserve_scratch(mine.count));
    plan.send(to, input(block(to))).receive(from, theirs.back());
  }
  for (std::size_t k = 0; k < theirs.size(); ++k) plan.reduce(theirs[k], k == 0 ? mine : sum, sum);
  plan.end_step();
  for (int k = 1; k < p; ++k) {
    const int to = wrap_rank(r - k, p), from = wrap_rank(r + k, p);
    plan.send(to, sum).receive(from, output(block(from)));
  }
  return plan.take();
}

Cost cost(const Problem& problem) {
  if (problem.ranks == 1) return {};
  return {2, 2 * others_share(problem.ranks) * static_cast<double>(problem.count)};
}

}  // namespace

extern const Algorithm allreduce_two_shot = {
    .pattern = "allreduce",
    .name = "two_shot",
    .summary = "blocks reduced by their owner from all ranks at once, then sent to all; two rounds",
    .source = "Thakur, Rabenseifner & Gropp, IJHPCA 2005",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
