// Incast: everybody but the root sends it a block at the same moment; where the last hop's buffers are too
// small, this shows it.
//
// A. Phanishayee, E. Krevat, V. Vasudevan, D. Andersen, G. Ganger, G. Gibson, S. Seshan, "Measurement and
// analysis of TCP throughput collapse in cluster-based storage systems", FAST 2008. Rounds 1; sent per rank
// n/(p-1).
#include "patterns/rooted/rooted.hpp"

namespace podbench {

namespace {

// The blocks of the p-1 senders, in order of place after the root.
Block block_from(const Problem& problem, int rank) {
  return block_of(problem.count, problem.ranks - 1,
                  wrap_rank(rank - problem.parameters.root, problem.ranks) - 1);
}

Schedule generate(const Problem& problem) {
  ScheduleBuilder plan;
  if (!rooted::is_root(problem))
    return plan.send(problem.parameters.root, input(0, block_from(problem, problem.rank).count))
        .end_step()
        .take();
  for (int k = 1; k < problem.ranks; ++k) {
    const int from = rooted::neighbour(problem, k);
    plan.receive(from, output(block_from(problem, from)));
  }
  return plan.take();
}

std::vector<Piece> contract(const Problem& problem) {
  std::vector<Piece> pieces;
  for (int k = 1; k < problem.ranks && rooted::is_root(problem); ++k) {
    const int from = rooted::neighbour(problem, k);
    pieces.push_back({block_from(problem, from).first, block_from(problem, from).count, from, 0});
  }
  return pieces;
}

}  // namespace

extern const Pattern incast_pattern = {
    .name = "incast",
    .summary = "everybody sends to the root at the same moment",
    .metric = Metric::bandwidth,
    .least_ranks = 2,
    .input_count =
        [](const Problem& problem) {
          return rooted::is_root(problem) ? 0 : block_from(problem, problem.rank).count;
        },
    .output_count = rooted::root_count,
    .contract = contract,
    .knobs = knob_root,
    .lower_bound = [](const Problem& problem) -> Cost {
      return {1, static_cast<double>(problem.count)};
    },
};

extern const Algorithm incast_direct = {
    .pattern = "incast",
    .name = "direct",
    .summary = "all senders at once",
    .source = "Phanishayee et al., FAST 2008",
    .generate = generate,
    .cost = [](const Problem& problem) -> Cost {
      return {1, static_cast<double>(problem.count) / (problem.ranks - 1)};
    },
};

}  // namespace podbench
