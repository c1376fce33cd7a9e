// Linear reduction: the root takes the vectors one after the other and reduces each as it comes.
//
// J. Pješivac-Grbović, T. Angskun, G. Bosilca, G. Fagg, E. Gabriel, J. Dongarra, "Performance analysis of MPI
// collective operations", Cluster Computing 10(2), 2007 (flat tree). Rounds p-1; sent per rank n.
#include "patterns/rooted/rooted.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  const Range sum = output(0, problem.count);
  Range have = input(0, problem.count);
  ScheduleBuilder plan;
  if (!rooted::is_root(problem)) return plan.send(problem.parameters.root, have).end_step().take();
  if (problem.ranks == 1) plan.copy(have, sum);
  for (int k = 1; k < problem.ranks; ++k) {
    plan.receive_reduce(rooted::neighbour(problem, k), sum, have).end_step();
    have = sum;
  }
  return plan.take();
}

Cost cost(const Problem& problem) {
  return {problem.ranks - 1.0, problem.ranks == 1 ? 0 : static_cast<double>(problem.count)};
}

}  // namespace

extern const Algorithm reduce_linear = {
    .pattern = "reduce",
    .name = "linear",
    .summary = "the root takes one vector after the other",
    .source = "Pješivac-Grbović et al., Cluster Computing 2007",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
