// Swing all-reduce, bandwidth-optimal: reduce-scatter over the Swing partners, then all-gather over them in
// reverse. A rank ends the first half with the block of its own number, so the blocks of a message do not lie
// together; each run of them is a message of its own.
//
// D. De Sensi, T. Bonato, D. Saam, T. Hoefler, "Swing: Short-cutting Rings for Higher Bandwidth Allreduce",
// NSDI 2024. Rounds 2 log2 p; sent per rank 2(p-1)/p n. Other p: fold.hpp.
#include "patterns/allreduce/swing.hpp"

#include "patterns/contracts.hpp"
#include "patterns/fold.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  const Fold fold(problem.ranks, problem.rank);
  const std::uint64_t n = problem.count;
  if (fold.stands_aside()) return fold.aside(n);

  const Swing swing(fold.members);
  const int id = fold.member();
  // Calls each(block) for the runs of neighbouring blocks that carry the numbers of a class.
  const auto for_each_run = [&](int member, int s, auto each) {
    const std::vector<int> blocks = swing.class_of(member, s);
    for (std::size_t first = 0, last; first < blocks.size(); first = last) {
      for (last = first + 1; last < blocks.size() && blocks[last] == blocks[last - 1] + 1;) ++last;
      each(blocks_of(n, fold.members, blocks[first], blocks[last - 1] + 1));
    }
  };

  ScheduleBuilder plan;
  Buffer have = Buffer::input;
  if (problem.ranks == 1) plan.copy(input(0, n), output(0, n));
  if (fold.represents()) {
    plan.receive_reduce(fold.rank - 1, output(0, n), input(0, n)).end_step();
    have = Buffer::output;
  }
  for (int s = 0; s < swing.steps(); ++s) {
    const int partner = swing.partner(id, s), peer = fold.rank_of(partner);
    for_each_run(partner, s + 1, [&](Block b) { plan.send(peer, {have, b.first, b.count}); });
    for_each_run(id, s + 1, [&](Block b) { plan.receive_reduce(peer, output(b), {have, b.first, b.count}); });
    plan.end_step();
    have = Buffer::output;
  }
  for (int s = swing.steps() - 1; s >= 0; --s) {
    const int partner = swing.partner(id, s), peer = fold.rank_of(partner);
    for_each_run(id, s + 1, [&](Block b) { plan.send(peer, output(b)); });
    for_each_run(partner, s + 1, [&](Block b) { plan.receive(peer, output(b)); });
    plan.end_step();
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

extern const Algorithm allreduce_swing = {
    .pattern = "allreduce",
    .name = "swing",
    .summary = "halving and doubling whose partners swing around the ring",
    .source = "De Sensi et al., NSDI 2024",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
