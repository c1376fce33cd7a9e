// Rabenseifner's all-reduce: reduce-scatter by recursive halving, then all-gather by recursive doubling.
//
// R. Rabenseifner, "Optimization of collective reduction operations", ICCS 2004. Rounds 2 log2 p; sent per
// rank 2(p-1)/p n. Other p: fold.hpp.
#include "patterns/contracts.hpp"
#include "patterns/fold.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  const Fold fold(problem.ranks, problem.rank);
  const std::uint64_t n = problem.count;
  if (fold.stands_aside()) return fold.aside(n);

  const int q = fold.members, id = fold.member();
  // Blocks [first, last) of the q blocks of the vector.
  const auto blocks = [&](Buffer buffer, int first, int last) {
    const Block b = blocks_of(n, q, first, last);
    return Range{buffer, b.first, b.count};
  };
  ScheduleBuilder plan;
  Buffer have = Buffer::input;
  if (problem.ranks == 1) plan.copy(input(0, n), output(0, n));
  if (fold.represents()) {
    plan.receive_reduce(fold.rank - 1, output(0, n), input(0, n)).end_step();
    have = Buffer::output;
  }
  // Halving: the group of 2·half members around this one keeps the 2·half blocks that carry their numbers.
  for (int half = q / 2; half >= 1; half /= 2) {
    const int kept = id & ~(half - 1), given = kept ^ half, partner = fold.rank_of(id ^ half);
    plan.send(partner, blocks(have, given, given + half))
        .receive_reduce(partner, blocks(Buffer::output, kept, kept + half), blocks(have, kept, kept + half))
        .end_step();
    have = Buffer::output;
  }
  for (int half = 1; half < q; half *= 2) {
    const int kept = id & ~(half - 1), missing = kept ^ half, partner = fold.rank_of(id ^ half);
    plan.send(partner, blocks(Buffer::output, kept, kept + half))
        .receive(partner, blocks(Buffer::output, missing, missing + half))
        .end_step();
  }
  if (fold.represents()) plan.send(fold.rank - 1, output(0, n)).end_step();
  return plan.take();
}

Cost cost(const Problem& problem) {
  const Fold fold(problem.ranks, 0);
  const Cost extra = fold.extra_cost(problem.count);
  return {2.0 * log2_floor(problem.ranks) + extra.rounds,
          2 * others_share(fold.members) * static_cast<double>(problem.count) + extra.sent_elements};
}

}  // namespace

extern const Algorithm allreduce_rabenseifner = {
    .pattern = "allreduce",
    .name = "rabenseifner",
    .summary = "recursive halving, then recursive doubling; few rounds and least bytes",
    .source = "Rabenseifner, ICCS 2004",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
