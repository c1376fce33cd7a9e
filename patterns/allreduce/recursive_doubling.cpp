// Recursive doubling: in round k a rank exchanges its whole partial result with the rank whose number differs
// in bit k.
//
// R. Thakur, R. Rabenseifner, W. Gropp, "Optimization of collective communication operations in MPICH",
// IJHPCA 19(1), 2005. Rounds log2 p; sent per rank n log2 p. Other p: fold.hpp.
//
// Output and scratch take turns, because a round sends one partial result while it receives the next; they
// are arranged so that the last one lands in the output.
#include "patterns/contracts.hpp"
#include "patterns/fold.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  const Fold fold(problem.ranks, problem.rank);
  const std::uint64_t n = problem.count;
  if (fold.stands_aside()) return fold.aside(n);

  ScheduleBuilder plan;
  int left = log2_floor(problem.ranks) + (fold.represents() ? 1 : 0);  // reductions still to do
  const Range spare = plan.reserve_scratch(left > 1 ? n : 0);
  Range have = input(0, n);
  const auto next = [&] { return --left % 2 == 0 ? output(0, n) : spare; };

  if (left == 0) plan.copy(have, output(0, n));
  if (fold.represents()) {
    const Range sum = next();
    plan.receive_reduce(fold.rank - 1, sum, have).end_step();
    have = sum;
  }
  for (int bit = 1; bit < fold.members; bit *= 2) {
    const int partner = fold.rank_of(fold.member() ^ bit);
    const Range sum = next();
    plan.send(partner, have).receive_reduce(partner, sum, have).end_step();
    have = sum;
  }
  if (fold.represents()) plan.send(fold.rank - 1, have).end_step();
  return plan.take();
}

Cost cost(const Problem& problem) {
  const Cost extra = Fold(problem.ranks, 0).extra_cost(problem.count);
  const double rounds = log2_floor(problem.ranks);
  return {rounds + extra.rounds, rounds * static_cast<double>(problem.count) + extra.sent_elements};
}

}  // namespace

extern const Algorithm allreduce_recursive_doubling = {
    .pattern = "allreduce",
    .name = "recursive_doubling",
    .summary = "whole vectors exchanged at doubling distance; fewest rounds",
    .source = "Thakur, Rabenseifner & Gropp, IJHPCA 2005",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
