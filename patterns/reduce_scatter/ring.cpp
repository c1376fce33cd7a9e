// Ring reduce-scatter: the partial sum of every block runs once around the ring and ends at its owner.
//
// P. Patarasuk, X. Yuan, "Bandwidth optimal all-reduce algorithms for clusters of workstations", JPDC 69(2),
// 2009. Rounds p-1; sent per rank (p-1)/p n.
#include "patterns/contracts.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  const int p = problem.ranks, r = problem.rank;
  const int right = wrap_rank(r + 1, p), left = wrap_rank(r - 1, p);
  const auto block = [&](int index) { return block_of(problem.count, p, wrap_rank(index, p)); };
  const Range own = output(0, block(r).count);
  ScheduleBuilder plan;
  if (p == 1) return plan.copy(input(block(r)), own).end_step().take();
  // Partial sums pass through two places: one arrives while the other leaves.
  const std::uint64_t longest = block_of(problem.count, p, 0).count;
  const Range passing[2] = {plan.reserve_scratch(p > 2 ? longest : 0),
                            plan.reserve_scratch(p > 3 ? longest : 0)};
  for (int k = 1; k < p; ++k) {
    const Block going = block(r - k), coming = block(r - k - 1);
    plan.send(right, k == 1 ? input(going) : part(passing[k % 2], 0, going.count))
        .receive_reduce(left, k == p - 1 ? own : part(passing[(k + 1) % 2], 0, coming.count), input(coming))
        .end_step();
  }
  return plan.take();
}

Cost cost(const Problem& problem) {
  return {problem.ranks - 1.0, others_share(problem.ranks) * static_cast<double>(problem.count)};
}

}  // namespace

extern const Algorithm reduce_scatter_ring = {
    .pattern = "reduce_scatter",
    .name = "ring",
    .summary = "partial sums once around a ring",
    .source = "Patarasuk & Yuan, JPDC 2009",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
