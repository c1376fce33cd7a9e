// PAT all-gather: a binomial tree from every rank at once, far hops first and with one block each, near hops
// last and with many. Every hop's blocks are packed into one message.
//
// S. Jeaugey, "PAT: a new algorithm for all-gather and reduce-scatter operations at scale", arXiv:2506.20252,
// 2025; the case in which all blocks of a hop fit into the buffers. Rounds ceil(log2 p); sent per rank
// (p-1)/p n.
//
// Seen from the rank a block comes from, the rank v further gets it over the hop that is v's lowest bit.
#include "patterns/contracts.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  const int p = problem.ranks, r = problem.rank;
  const auto block = [&](int v) { return block_of(problem.count, p, wrap_rank(r - v, p)); };
  const Range own = input(0, own_block_count(problem));
  ScheduleBuilder plan;
  plan.copy(own, output(block(0)));

  const std::uint64_t room = block_of(problem.count, p, 0).count * static_cast<std::uint64_t>(p / 2);
  const Range outgoing = plan.reserve_scratch(room), incoming = plan.reserve_scratch(room);
  for (int hop = p == 1 ? 0 : 1 << (log2_ceil(p) - 1); hop >= 1; hop /= 2) {
    std::uint64_t packed = 0, expected = 0;
    for (int v = 0; v + hop < p; v += 2 * hop) {
      plan.copy(output(block(v)), part(outgoing, packed, block(v).count));
      packed += block(v).count;
      expected += block(v + hop).count;
    }
    plan.end_step();
    plan.send(wrap_rank(r + hop, p), part(outgoing, 0, packed))
        .receive(wrap_rank(r - hop, p), part(incoming, 0, expected));
    std::uint64_t offset = 0;
    for (int v = hop; v < p; v += 2 * hop) {
      plan.copy(part(incoming, offset, block(v).count), output(block(v)));
      offset += block(v).count;
    }
  }
  return plan.take();
}

Cost cost(const Problem& problem) {
  return {static_cast<double>(log2_ceil(problem.ranks)),
          others_share(problem.ranks) * static_cast<double>(problem.count)};
}

}  // namespace

extern const Algorithm allgather_pat = {
    .pattern = "allgather",
    .name = "pat",
    .summary = "parallel aggregated trees: far hops with little, near hops with much",
    .source = "Jeaugey, arXiv:2506.20252, 2025",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
