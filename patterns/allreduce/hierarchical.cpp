// Hierarchical all-reduce over the real node boundaries: a binomial reduction to each node's first rank, a
// ring all-reduce among these leaders, a binomial broadcast in each node. Nodes may differ in size.
//
// N. Karonis, B. de Supinski, I. Foster, W. Gropp, E. Lusk, J. Bresnahan, "Exploiting hierarchy in parallel
// computer networks to optimize collective operation performance", IPDPS 2000; the ring of leaders: ring.cpp.
// With N nodes, the largest of m ranks: rounds 2 ceil(log2 m) + 2(N-1); its leader sends
// n (ceil(log2 m) + 2(N-1)/N).
#include <algorithm>

#include "patterns/contracts.hpp"

namespace podbench {

namespace {

// The ranks of this rank's node, and the first ranks of all nodes, in order.
struct Nodes {
  std::vector<int> mates, leaders;
  int largest = 0;

  explicit Nodes(const Problem& problem) {
    const auto node_of = [&](int rank) {
      return problem.node_of_rank.empty() ? 0 : problem.node_of_rank[static_cast<std::size_t>(rank)];
    };
    std::vector<std::pair<int, int>> sizes;  // node, ranks
    for (int r = 0; r < problem.ranks; ++r) {
      if (node_of(r) == node_of(problem.rank)) mates.push_back(r);
      auto known = std::ranges::find(sizes, node_of(r), &std::pair<int, int>::first);
      if (known == sizes.end()) {
        leaders.push_back(r);
        known = sizes.insert(sizes.end(), {node_of(r), 0});
      }
      largest = std::max(largest, ++known->second);
    }
  }
};

int place_in(const std::vector<int>& ranks, int rank) {
  return static_cast<int>(std::ranges::find(ranks, rank) - ranks.begin());
}

// A ring all-reduce among the leaders of what `have` holds, into the output.
void ring(ScheduleBuilder& plan, const std::vector<int>& leaders, int place, Buffer have,
          std::uint64_t count) {
  const int size = static_cast<int>(leaders.size());
  const auto block = [&](int index) { return block_of(count, size, wrap_rank(index, size)); };
  const int right = leaders[static_cast<std::size_t>(wrap_rank(place + 1, size))];
  const int left = leaders[static_cast<std::size_t>(wrap_rank(place - 1, size))];
  for (int k = 0; k < size - 1; ++k) {
    const Block going = block(place - k), coming = block(place - k - 1);
    plan.send(right, k == 0 ? Range{have, going.first, going.count} : output(going))
        .receive_reduce(left, output(coming), {have, coming.first, coming.count})
        .end_step();
  }
  for (int k = 0; k < size - 1; ++k)
    plan.send(right, output(block(place + 1 - k))).receive(left, output(block(place - k))).end_step();
}

Schedule generate(const Problem& problem) {
  const Nodes nodes(problem);
  const int size = static_cast<int>(nodes.mates.size()), place = place_in(nodes.mates, problem.rank);
  const auto mate = [&](int index) { return nodes.mates[static_cast<std::size_t>(index)]; };
  const Range sum = output(0, problem.count);

  ScheduleBuilder plan;
  Range have = input(0, problem.count);
  if (problem.ranks == 1) plan.copy(have, sum);
  int bit = 1;
  for (; bit < size && (place & bit) == 0; bit *= 2)
    if (place + bit < size) {
      plan.receive_reduce(mate(place + bit), sum, have).end_step();
      have = sum;
    }
  if (place == 0)
    ring(plan, nodes.leaders, place_in(nodes.leaders, problem.rank), have.buffer, problem.count);
  else
    plan.send(mate(place - bit), have).end_step().receive(mate(place - bit), sum).end_step();
  for (bit /= 2; bit >= 1; bit /= 2)
    if (place + bit < size) plan.send(mate(place + bit), sum).end_step();
  return plan.take();
}

Cost cost(const Problem& problem) {
  const Nodes nodes(problem);
  const int leaders = static_cast<int>(nodes.leaders.size());
  const double height = log2_ceil(nodes.largest);
  return {2 * height + 2.0 * (leaders - 1),
          (height + 2 * others_share(leaders)) * static_cast<double>(problem.count)};
}

}  // namespace

extern const Algorithm allreduce_hierarchical = {
    .pattern = "allreduce",
    .name = "hierarchical",
    .summary = "inside each node, among one rank a node, inside each node again",
    .source = "Karonis et al., IPDPS 2000",
    .generate = generate,
    .knobs = knob_nodes,
    .cost = cost,
};

}  // namespace podbench
