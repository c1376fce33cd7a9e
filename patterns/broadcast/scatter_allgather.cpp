// Scatter and all-gather: the root scatters the vector down a binomial tree, then all ranks gather it around
// a ring, except the root, which only sends.
//
// M. Barnett, L. Shuler, R. van de Geijn, S. Gupta, D. Payne, J. Watts, "Interprocessor collective
// communication library (InterCom)", SHPCC 1994. Rounds ceil(log2 p) + p - 1; the root sends 2(p-1)/p n.
#include "patterns/rooted/knomial.hpp"
#include "patterns/rooted/rooted.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  const int p = problem.ranks, place = rooted::place(problem);
  const KnomialTree tree(problem, 2);
  const Buffer data = tree.is_root() ? Buffer::input : Buffer::output;
  // Part v of the vector is for the rank that is v places from the root.
  const auto parts = [&](int first, int last) {
    const Block b = blocks_of(problem.count, p, first, last);
    return Range{data, b.first, b.count};
  };
  ScheduleBuilder plan;
  if (!tree.is_root()) plan.receive(tree.parent(), parts(tree.first(), tree.last())).end_step();
  for (const auto& level : tree.levels()) {
    for (const auto& child : level) plan.send(child.rank, parts(child.first, child.last));
    plan.end_step();
  }
  for (int k = 0; k < p - 1; ++k) {
    const int going = wrap_rank(place - k, p), coming = wrap_rank(place - k - 1, p);
    if (place != p - 1) plan.send(rooted::neighbour(problem, 1), parts(going, going + 1));
    if (place != 0) plan.receive(rooted::neighbour(problem, -1), parts(coming, coming + 1));
    plan.end_step();
  }
  return plan.take();
}

Cost cost(const Problem& problem) {
  return {log2_ceil(problem.ranks) + problem.ranks - 1.0,
          2 * others_share(problem.ranks) * static_cast<double>(problem.count)};
}

}  // namespace

extern const Algorithm broadcast_scatter_allgather = {
    .pattern = "broadcast",
    .name = "scatter_allgather",
    .summary = "binomial scatter, then all-gather around a ring; for long vectors",
    .source = "Barnett et al., SHPCC 1994",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
