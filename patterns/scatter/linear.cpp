// Linear scatter: the root sends all blocks at once.
//
// E. Chan, M. Heimlich, A. Purkayastha, R. van de Geijn, "Collective communication: theory, practice, and
// experience", CCPE 19(13), 2007. Rounds 1; the root sends (p-1)/p n.
#include "patterns/rooted/rooted.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  const Range own = output(0, own_block_count(problem));
  ScheduleBuilder plan;
  if (!rooted::is_root(problem)) return plan.receive(problem.parameters.root, own).end_step().take();
  for (int k = 1; k < problem.ranks; ++k) {
    const int to = rooted::neighbour(problem, k);
    plan.send(to, input(block_of(problem.count, problem.ranks, to)));
  }
  plan.copy(input(block_of(problem.count, problem.ranks, problem.rank)), own);
  return plan.take();
}

Cost cost(const Problem& problem) {
  if (problem.ranks == 1) return {};
  return {1, others_share(problem.ranks) * static_cast<double>(problem.count)};
}

}  // namespace

extern const Algorithm scatter_linear = {
    .pattern = "scatter",
    .name = "linear",
    .summary = "the root sends all blocks at once",
    .source = "Chan et al., CCPE 2007",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
