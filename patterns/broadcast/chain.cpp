// Chain broadcast: the vector runs along a chain of all ranks in segments, one behind the other.
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
  const int place = rooted::place(problem), next = rooted::neighbour(problem, 1);
  const bool last = place == problem.ranks - 1;
  ScheduleBuilder plan;
  if (place == 0 && !last)
    for (std::uint64_t s = 0; s < segments.size(); ++s) plan.send(next, input(segments[s])).end_step();
  if (place == 0) return plan.take();
  for (std::uint64_t s = 0; s <= segments.size(); ++s) {
    if (s < segments.size()) plan.receive(rooted::neighbour(problem, -1), output(segments[s]));
    if (s > 0 && !last) plan.send(next, output(segments[s - 1]));
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

extern const Algorithm broadcast_chain = {
    .pattern = "broadcast",
    .name = "chain",
    .summary = "segments along a chain of all ranks",
    .source = "Pješivac-Grbović et al., Cluster Computing 2007",
    .generate = generate,
    .knobs = knob_segment,
    .cost = cost,
};

}  // namespace podbench
