// Get: the first rank reads a window of messages out of the last one's memory; the last rank does nothing.
//
// T. Hoefler, J. Dinan, R. Thakur, B. Barrett, P. Balaji, W. Gropp, K. Underwood, "Remote memory access
// programming in MPI-3", TOPC 2(2), 2015. Rounds 1; window x n read by the first rank, which sends nothing.
#include "patterns/pair/pair.hpp"

namespace podbench {

namespace {

std::uint64_t moved_count(const Problem& problem) {
  return problem.count * static_cast<std::uint64_t>(problem.parameters.window);
}

Schedule generate(const Problem& problem) {
  ScheduleBuilder plan;
  if (pair::role_of(problem) != pair::Role::first) return plan.take();
  for (int i = 0; i < problem.parameters.window; ++i)
    plan.get(pair::partner_of(problem), input(0, problem.count), output(0, problem.count)).repeated();
  return plan.take();
}

// What the last rank holds goes to the first.
std::vector<Piece> fetched(const Problem& problem) {
  if (pair::role_of(problem) != pair::Role::first) return {};
  return {{0, problem.count, pair::partner_of(problem), 0}};
}

Cost lower_bound(const Problem& problem) {
  return {1, static_cast<double>(moved_count(problem))};
}

}  // namespace

extern const Pattern get_pattern = {
    .name = "get",
    .summary = "rank 0 reads a window of messages out of the last rank's memory",
    .metric = Metric::bandwidth,
    .least_ranks = 2,
    .input_count = pair::last_count,
    .output_count = pair::first_count,
    .contract = fetched,
    .knobs = knob_window,
    .moved_count = moved_count,
    .lower_bound = lower_bound,
    .self_timed = true,
    .one_sided = true,
};

extern const Algorithm get_direct = {
    .pattern = "get",
    .name = "direct",
    .summary = "all gets of the window at once",
    .source = "Hoefler et al., TOPC 2015",
    .generate = generate,
    .cost = [](const Problem&) -> Cost {
      return {1, 0};
    },
};

}  // namespace podbench
