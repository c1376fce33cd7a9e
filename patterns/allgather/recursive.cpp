// Recursive doubling all-gather: in every round two groups of equal size exchange all that they have.
//
// R. Thakur, R. Rabenseifner, W. Gropp, "Optimization of collective communication operations in MPICH",
// IJHPCA 19(1), 2005. Rounds log2 p; sent per rank (p-1)/p n. Where p is not a power of two (fold.hpp), a
// pair's blocks travel together and the one that stands aside gets the rest at the end: two rounds more, and
// the rank that serves it sends the p-1 other blocks once more.
#include "patterns/contracts.hpp"
#include "patterns/fold.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  const Fold fold(problem.ranks, problem.rank);
  const int p = problem.ranks, r = problem.rank, id = fold.member();
  const Range own = input(0, own_block_count(problem));
  const auto blocks = [&](int first, int last) { return output(blocks_of(problem.count, p, first, last)); };
  ScheduleBuilder plan;
  if (fold.stands_aside()) {
    plan.send(r + 1, own).end_step();
    plan.receive(r + 1, blocks(0, r)).receive(r + 1, blocks(r + 1, p)).copy(own, blocks(r, r + 1));
    return plan.take();
  }
  if (fold.represents()) plan.receive(r - 1, blocks(r - 1, r)).copy(own, blocks(r, r + 1)).end_step();
  // The blocks of the members [first, first + size).
  const auto group = [&](int first, int size) {
    return blocks(fold.first_rank_of(first), fold.first_rank_of(first + size));
  };
  for (int size = 1; size < fold.members; size *= 2) {
    const int mine = id & ~(size - 1), theirs = mine ^ size, partner = fold.rank_of(id ^ size);
    const bool alone = size == 1 && !fold.represents();
    plan.send(partner, alone ? own : group(mine, size)).receive(partner, group(theirs, size));
    if (alone) plan.copy(own, blocks(r, r + 1));
    plan.end_step();
  }
  if (p == 1) plan.copy(own, blocks(0, 1));
  if (fold.represents()) plan.send(r - 1, blocks(0, r - 1)).send(r - 1, blocks(r, p)).end_step();
  return plan.take();
}

Cost cost(const Problem& problem) {
  const Fold fold(problem.ranks, 0);
  const double block = static_cast<double>(problem.count) / problem.ranks;
  if (fold.rest == 0) return {static_cast<double>(log2_floor(problem.ranks)), (problem.ranks - 1) * block};
  // The first group has the most ranks aside: its first 2^k members hold 2^k + min(2^k, rest) blocks.
  double sent = problem.ranks - 1;
  for (int size = 1; size < fold.members; size *= 2) sent += size + std::min(size, fold.rest);
  return {log2_floor(problem.ranks) + 2.0, sent * block};
}

}  // namespace

extern const Algorithm allgather_recursive = {
    .pattern = "allgather",
    .name = "recursive",
    .summary = "recursive doubling: groups exchange all they have",
    .source = "Thakur, Rabenseifner & Gropp, IJHPCA 2005",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
