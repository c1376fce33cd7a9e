// Outcast: the root sends a block of its own to everybody at the same moment.
//
// P. Prakash, A. Dixit, Y. C. Hu, R. Kompella, "The TCP outcast problem: exposing unfairness in data center
// networks", NSDI 2012. Rounds 1; the root sends n.
#include "patterns/rooted/rooted.hpp"

namespace podbench {

namespace {

// The blocks of the p-1 receivers, in order of place after the root.
Block block_for(const Problem& problem, int rank) {
  return block_of(problem.count, problem.ranks - 1,
                  wrap_rank(rank - problem.parameters.root, problem.ranks) - 1);
}

std::uint64_t output_count(const Problem& problem) {
  return rooted::is_root(problem) ? 0 : block_for(problem, problem.rank).count;
}

Schedule generate(const Problem& problem) {
  ScheduleBuilder plan;
  if (!rooted::is_root(problem))
    return plan.receive(problem.parameters.root, output(0, output_count(problem))).end_step().take();
  for (int k = 1; k < problem.ranks; ++k) {
    const int to = rooted::neighbour(problem, k);
    plan.send(to, input(block_for(problem, to)));
  }
  return plan.take();
}

std::vector<Piece> contract(const Problem& problem) {
  if (rooted::is_root(problem)) return {};
  const Block block = block_for(problem, problem.rank);
  return {{0, block.count, problem.parameters.root, block.first}};
}

Cost cost(const Problem& problem) {
  return {1, static_cast<double>(problem.count)};
}

}  // namespace

extern const Pattern outcast_pattern = {
    .name = "outcast",
    .summary = "the root sends to everybody at the same moment",
    .metric = Metric::bandwidth,
    .least_ranks = 2,
    .input_count = rooted::root_count,
    .output_count = output_count,
    .contract = contract,
    .knobs = knob_root,
    .lower_bound = cost,
};

extern const Algorithm outcast_direct = {
    .pattern = "outcast",
    .name = "direct",
    .summary = "all receivers at once",
    .source = "Prakash et al., NSDI 2012",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
