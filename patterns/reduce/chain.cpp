// Chain reduction: partial results run along a chain of all ranks towards the root, in segments.
//
// J. Pješivac-Grbović, T. Angskun, G. Bosilca, G. Fagg, E. Gabriel, J. Dongarra, "Performance analysis of MPI
// collective operations", Cluster Computing 10(2), 2007 (pipeline). With k segments: rounds k + p - 2; sent
// per rank n.
#include "patterns/rooted/rooted.hpp"
#include "patterns/segments.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  const Segments segments(problem.count, problem.parameters.segment_count);
  const int place = rooted::place(problem);
  const int before = rooted::neighbour(problem, 1), after = rooted::neighbour(problem, -1);
  ScheduleBuilder plan;
  if (problem.ranks == 1)
    return plan.copy(input(0, problem.count), output(0, problem.count)).end_step().take();
  if (place == problem.ranks - 1) {
    for (std::uint64_t s = 0; s < segments.size(); ++s) plan.send(after, input(segments[s])).end_step();
    return plan.take();
  }
  const Range sum = place == 0 ? output(0, problem.count) : plan.reserve_scratch(problem.count);
  const auto partial = [&](Block segment) { return part(sum, segment.first, segment.count); };
  for (std::uint64_t s = 0; s <= segments.size(); ++s) {
    if (s < segments.size()) plan.receive_reduce(before, partial(segments[s]), input(segments[s]));
    if (s > 0 && place != 0) plan.send(after, partial(segments[s - 1]));
    plan.end_step();
  }
  return plan.take();
}

Cost cost(const Problem& problem) {
  if (problem.ranks == 1) return {};
  const Segments segments(problem.count, problem.parameters.segment_count);
  return {static_cast<double>(segments.size()) + problem.ranks - 2, static_cast<double>(problem.count)};
}

}  // namespace

extern const Algorithm reduce_chain = {
    .pattern = "reduce",
    .name = "chain",
    .summary = "segments along a chain of all ranks",
    .source = "Pješivac-Grbović et al., Cluster Computing 2007",
    .generate = generate,
    .knobs = knob_segment,
    .cost = cost,
};

}  // namespace podbench
