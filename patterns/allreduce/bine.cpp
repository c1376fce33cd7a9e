// Bine all-reduce for large vectors: reduce-scatter over the distance-doubling Bine butterfly, then
// all-gather over it in reverse. Blocks go by their position in the butterfly instead of their rank's number,
// so that all blocks of a message lie together.
//
// D. De Sensi, S. Pasqualoni, L. Piarulli, T. Bonato, S. Ba, M. Turisini, J. Domke, T. Hoefler, "Bine Trees:
// Enhancing Collective Operations by Optimizing Communication Locality", SC 2025. Rounds 2 log2 p; sent per
// rank 2(p-1)/p n. Other p: fold.hpp.
#include "patterns/allreduce/swing.hpp"
#include "patterns/contracts.hpp"
#include "patterns/fold.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  const Fold fold(problem.ranks, problem.rank);
  const std::uint64_t n = problem.count;
  if (fold.stands_aside()) return fold.aside(n);

  const Swing butterfly(fold.members);
  const int id = fold.member(), position = butterfly.position(id), steps = butterfly.steps();
  // The blocks that are kept by, or go to the other side of, class s+1: half of those of class s.
  const auto half = [&](Buffer buffer, int s, bool kept) {
    const int width = fold.members >> (s + 1);
    const int first = (position & ~(width - 1)) ^ (kept ? 0 : width);
    const Block b = blocks_of(n, fold.members, first, first + width);
    return Range{buffer, b.first, b.count};
  };

  ScheduleBuilder plan;
  Buffer have = Buffer::input;
  if (problem.ranks == 1) plan.copy(input(0, n), output(0, n));
  if (fold.represents()) {
    plan.receive_reduce(fold.rank - 1, output(0, n), input(0, n)).end_step();
    have = Buffer::output;
  }
  for (int s = 0; s < steps; ++s) {
    const int peer = fold.rank_of(butterfly.partner(id, s));
    plan.send(peer, half(have, s, false))
        .receive_reduce(peer, half(Buffer::output, s, true), half(have, s, true))
        .end_step();
    have = Buffer::output;
  }
  for (int s = steps - 1; s >= 0; --s) {
    const int peer = fold.rank_of(butterfly.partner(id, s));
    plan.send(peer, half(Buffer::output, s, true)).receive(peer, half(Buffer::output, s, false)).end_step();
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

extern const Algorithm allreduce_bine = {
    .pattern = "allreduce",
    .name = "bine",
    .summary = "a negabinary butterfly: shorter distances, contiguous messages",
    .source = "De Sensi et al., SC 2025",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
