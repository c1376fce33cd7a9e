// Recursive halving reduce-scatter: in every round two halves of a group exchange the parts that the other
// half is to own.
//
// R. Thakur, R. Rabenseifner, W. Gropp, "Optimization of collective communication operations in MPICH",
// IJHPCA 19(1), 2005. Rounds log2 p; sent per rank (p-1)/p n. Where p is not a power of two (fold.hpp), two
// rounds more, and a rank that stands aside sends n.
#include "patterns/contracts.hpp"
#include "patterns/fold.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  const Fold fold(problem.ranks, problem.rank);
  const int p = problem.ranks, r = problem.rank, id = fold.member();
  const std::uint64_t n = problem.count;
  const Block own = block_of(n, p, r);
  ScheduleBuilder plan;
  if (fold.stands_aside())
    return plan.send(r + 1, input(0, n)).end_step().receive(r + 1, output(0, own.count)).end_step().take();
  if (p == 1) return plan.copy(input(own), output(0, own.count)).end_step().take();

  const bool scratch_needed = fold.represents() || fold.members > 2;
  const Range partial = plan.reserve_scratch(scratch_needed ? n : 0);
  Range have = input(0, n);
  if (fold.represents()) {
    plan.receive_reduce(r - 1, partial, have).end_step();
    have = partial;
  }
  // The blocks of the members [first, first + size), which are those of their ranks.
  const auto group = [&](Range whole, int first, int size) {
    const Block b = blocks_of(n, p, fold.first_rank_of(first), fold.first_rank_of(first + size));
    return part(whole, b.first, b.count);
  };
  for (int half = fold.members / 2; half >= 1; half /= 2) {
    const int kept = id & ~(half - 1), given = kept ^ half, partner = fold.rank_of(id ^ half);
    const bool last = half == 1 && !fold.represents();
    plan.send(partner, group(have, given, half))
        .receive_reduce(partner, last ? output(0, own.count) : group(partial, kept, half),
                        group(have, kept, half))
        .end_step();
    have = partial;
  }
  if (fold.represents()) {
    const Block theirs = block_of(n, p, r - 1);
    plan.send(r - 1, part(partial, theirs.first, theirs.count))
        .copy(part(partial, own.first, own.count), output(0, own.count));
  }
  return plan.take();
}

Cost cost(const Problem& problem) {
  const double n = static_cast<double>(problem.count);
  if (Fold(problem.ranks, 0).rest > 0) return {log2_floor(problem.ranks) + 2.0, n};
  return {static_cast<double>(log2_floor(problem.ranks)), others_share(problem.ranks) * n};
}

}  // namespace

extern const Algorithm reduce_scatter_recursive = {
    .pattern = "reduce_scatter",
    .name = "recursive",
    .summary = "recursive halving: halves of groups exchange each other's parts",
    .source = "Thakur, Rabenseifner & Gropp, IJHPCA 2005",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
