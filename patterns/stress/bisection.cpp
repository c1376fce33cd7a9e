// Bisection: every rank of the lower half exchanges with its partner in the upper half, all pairs at once and
// both ways, so that all traffic crosses the middle. With an odd number of ranks the last one is idle.
//
// T. Hoefler, T. Schneider, A. Lumsdaine, "Multistage switches are not crossbars: effects of static routing
// in high-performance networks", CLUSTER 2008 (effective bisection bandwidth, here of one bisection). Rounds
// 1; sent per rank n.
#include "patterns/contracts.hpp"

namespace podbench {

namespace {

int pairs(const Problem& problem) {
  return problem.ranks / 2;
}
bool takes_part(const Problem& problem) {
  return problem.rank < 2 * pairs(problem);
}
int partner(const Problem& problem) {
  return problem.rank < pairs(problem) ? problem.rank + pairs(problem) : problem.rank - pairs(problem);
}
std::uint64_t count(const Problem& problem) {
  return takes_part(problem) ? problem.count : 0;
}

Schedule generate(const Problem& problem) {
  ScheduleBuilder plan;
  if (takes_part(problem))
    plan.send(partner(problem), input(0, problem.count)).receive(partner(problem), output(0, problem.count));
  return plan.take();
}

std::vector<Piece> contract(const Problem& problem) {
  if (!takes_part(problem)) return {};
  return {{0, problem.count, partner(problem), 0}};
}

Cost cost(const Problem& problem) {
  return {1, static_cast<double>(problem.count)};
}

}  // namespace

extern const Pattern bisection_pattern = {
    .name = "bisection",
    .summary = "all ranks exchange across the middle at once",
    .metric = Metric::bandwidth,
    .least_ranks = 2,
    .input_count = count,
    .output_count = count,
    .contract = contract,
    .moved_count =
        [](const Problem& problem) { return problem.count * 2 * static_cast<std::uint64_t>(pairs(problem)); },
    .lower_bound = cost,
};

extern const Algorithm bisection_direct = {
    .pattern = "bisection",
    .name = "direct",
    .summary = "all pairs at once, both ways",
    .source = "Hoefler, Schneider & Lumsdaine, CLUSTER 2008",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
