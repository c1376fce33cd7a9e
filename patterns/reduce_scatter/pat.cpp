// PAT reduce-scatter: a binomial tree towards every rank at once, near hops first and with many blocks, far
// hops last and with one each. Every hop's partial sums are packed into one message.
//
// S. Jeaugey, "PAT: a new algorithm for all-gather and reduce-scatter operations at scale", arXiv:2506.20252,
// 2025; the case in which all blocks of a hop fit into the buffers. Rounds ceil(log2 p); sent per rank
// (p-1)/p n.
//
// Seen from the rank a block belongs to, the rank v further hands its partial sum on over the hop that is v's
// lowest bit.
#include "patterns/contracts.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  const int p = problem.ranks, r = problem.rank;
  const auto block = [&](int v) { return block_of(problem.count, p, wrap_rank(r - v, p)); };
  ScheduleBuilder plan;
  if (p == 1) return plan.copy(input(block(0)), output(0, block(0).count)).end_step().take();

  const Range partial = plan.reserve_scratch(p > 2 ? problem.count : 0);
  const std::uint64_t room = block_of(problem.count, p, 0).count * static_cast<std::uint64_t>(p / 2);
  const Range outgoing = plan.reserve_scratch(room), incoming = plan.reserve_scratch(room);
  const auto sum = [&](int v) {
    return v == 0 ? output(0, block(0).count) : part(partial, block(v).first, block(v).count);
  };
  // Before its first hop comes in, and for a rank nobody reports to, a partial sum is the input.
  const auto have = [&](int v, int hop) { return hop == 1 || v + 1 == p ? input(block(v)) : sum(v); };
  for (int hop = 1; hop < p; hop *= 2) {
    std::uint64_t packed = 0, expected = 0, offset = 0;
    for (int v = hop; v < p; v += 2 * hop) {
      plan.copy(have(v, hop), part(outgoing, packed, block(v).count));
      packed += block(v).count;
      expected += block(v - hop).count;
    }
    plan.end_step();
    plan.send(wrap_rank(r - hop, p), part(outgoing, 0, packed))
        .receive(wrap_rank(r + hop, p), part(incoming, 0, expected));
    for (int v = 0; v + hop < p; v += 2 * hop) {
      plan.reduce(part(incoming, offset, block(v).count), have(v, hop), sum(v));
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

extern const Algorithm reduce_scatter_pat = {
    .pattern = "reduce_scatter",
    .name = "pat",
    .summary = "parallel aggregated trees: near hops with much, far hops with little",
    .source = "Jeaugey, arXiv:2506.20252, 2025",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
