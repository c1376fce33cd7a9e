// Shift: every rank sends its data to the rank k above it, around the ring.
//
// R. Brightwell, K. Underwood, "An analysis of the impact of MPI overlap and independent progress", ICS 2004
// (shifts as the neighbour traffic of stencil codes). Rounds 1; sent per rank n. A shift by a multiple of p
// is a copy.
#include "patterns/contracts.hpp"

namespace podbench {

namespace {

int shift_of(const Problem& problem) {
  return wrap_rank(problem.parameters.shift, problem.ranks);
}
int source_of(const Problem& problem) {
  return wrap_rank(problem.rank - shift_of(problem), problem.ranks);
}

Schedule generate(const Problem& problem) {
  const Range going = input(0, problem.count), coming = output(0, problem.count);
  const int k = shift_of(problem);
  ScheduleBuilder plan;
  if (k == 0)
    plan.copy(going, coming);
  else
    plan.send((problem.rank + k) % problem.ranks, going).receive(source_of(problem), coming);
  return plan.take();
}

Cost cost(const Problem& problem) {
  return shift_of(problem) == 0 ? Cost{} : Cost{1, static_cast<double>(problem.count)};
}

}  // namespace

extern const Pattern shift_pattern = {
    .name = "shift",
    .summary = "every rank sends to the rank k above it",
    .metric = Metric::bandwidth,
    .input_count = whole_count,
    .output_count = whole_count,
    .contract = [](const Problem& problem) -> std::vector<Piece> {
      return {{0, problem.count, source_of(problem), 0}};
    },
    .knobs = knob_shift,
    .lower_bound = cost,
};

extern const Algorithm shift_direct = {
    .pattern = "shift",
    .name = "direct",
    .summary = "one message each",
    .source = "Brightwell & Underwood, ICS 2004",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
