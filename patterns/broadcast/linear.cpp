// Linear broadcast: the root sends to everybody at once.
//
// E. Chan, M. Heimlich, A. Purkayastha, R. van de Geijn, "Collective communication: theory, practice, and
// experience", CCPE 19(13), 2007 (the simplest way). Rounds 1; the root sends (p-1) n.
#include "patterns/rooted/rooted.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  ScheduleBuilder plan;
  if (!rooted::is_root(problem)) {
    plan.receive(problem.parameters.root, output(0, problem.count));
  } else {
    for (int k = 1; k < problem.ranks; ++k) plan.send(rooted::neighbour(problem, k), input(0, problem.count));
  }
  return plan.take();
}

Cost cost(const Problem& problem) {
  if (problem.ranks == 1) return {};
  return {1, (problem.ranks - 1.0) * static_cast<double>(problem.count)};
}

}  // namespace

extern const Algorithm broadcast_linear = {
    .pattern = "broadcast",
    .name = "linear",
    .summary = "the root sends to everybody at once",
    .source = "Chan et al., CCPE 2007",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
