// Multi-pair: the lower half of the ranks each send a window of messages to their partner in the upper half,
// all at once, and get one acknowledgement. With an odd number of ranks the last one is idle.
//
// D. K. Panda and others, "The MVAPICH project: transforming research into high-performance MPI library for
// HPC community", Journal of Computational Science 52, 2021. Rounds 2; a sender sends window x n.
#include "patterns/pair/pair.hpp"

namespace podbench {

namespace {

int pairs(const Problem& problem) {
  return problem.ranks / 2;
}
bool sends(const Problem& problem) {
  return problem.rank < pairs(problem);
}
bool receives(const Problem& problem) {
  return !sends(problem) && problem.rank < 2 * pairs(problem);
}

std::uint64_t input_count(const Problem& problem) {
  if (receives(problem)) return pair::acknowledgement_count;
  return sends(problem) ? problem.count : 0;
}

std::vector<Piece> contract(const Problem& problem) {
  if (!receives(problem)) return {};
  return {{0, problem.count, problem.rank - pairs(problem), 0}};
}

Schedule generate(const Problem& problem) {
  ScheduleBuilder plan;
  if (sends(problem)) {
    const int partner = problem.rank + pairs(problem);
    for (int i = 0; i < problem.parameters.window; ++i) plan.send(partner, input(0, problem.count));
    plan.end_step();
    plan.receive(partner, plan.reserve_scratch(pair::acknowledgement_count), pair::acknowledgement_tag);
  } else if (receives(problem)) {
    const int partner = problem.rank - pairs(problem);
    for (int i = 0; i < problem.parameters.window; ++i)
      plan.receive(partner, output(0, problem.count)).repeated();
    plan.end_step();
    plan.send(partner, input(0, pair::acknowledgement_count), pair::acknowledgement_tag);
  }
  return plan.take();
}

Cost cost(const Problem& problem) {
  return {2, static_cast<double>(problem.count) * problem.parameters.window};
}

}  // namespace

extern const Pattern multi_pair_pattern = {
    .name = "multi_pair",
    .summary = "half the ranks send windows of messages to the other half, all pairs at once",
    .metric = Metric::bandwidth,
    .least_ranks = 2,
    .input_count = input_count,
    .output_count = [](const Problem& problem) { return receives(problem) ? problem.count : 0; },
    .contract = contract,
    .knobs = knob_window,
    .moved_count =
        [](const Problem& problem) {
          return problem.count * static_cast<std::uint64_t>(problem.parameters.window) *
                 static_cast<std::uint64_t>(pairs(problem));
        },
    .lower_bound = cost,
};

extern const Algorithm multi_pair_direct = {
    .pattern = "multi_pair",
    .name = "direct",
    .summary = "all pairs and all messages of the window at once",
    .source = "Panda et al., J. Comput. Sci. 2021",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
