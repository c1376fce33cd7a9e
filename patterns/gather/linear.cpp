// Linear gather: everybody sends to the root at once.
//
// E. Chan, M. Heimlich, A. Purkayastha, R. van de Geijn, "Collective communication: theory, practice, and
// experience", CCPE 19(13), 2007. Rounds 1; sent per rank n/p.
#include "patterns/rooted/rooted.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  const Range own = input(0, own_block_count(problem));
  ScheduleBuilder plan;
  if (!rooted::is_root(problem)) return plan.send(problem.parameters.root, own).end_step().take();
  for (int k = 1; k < problem.ranks; ++k) {
    const int from = rooted::neighbour(problem, k);
    plan.receive(from, output(block_of(problem.count, problem.ranks, from)));
  }
  plan.copy(own, output(block_of(problem.count, problem.ranks, problem.rank)));
  return plan.take();
}

Cost cost(const Problem& problem) {
  if (problem.ranks == 1) return {};
  return {1, static_cast<double>(problem.count) / problem.ranks};
}

}  // namespace

extern const Algorithm gather_linear = {
    .pattern = "gather",
    .name = "linear",
    .summary = "everybody sends to the root at once",
    .source = "Chan et al., CCPE 2007",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
