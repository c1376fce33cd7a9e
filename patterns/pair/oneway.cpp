// One way: one message from the first rank to the last; timed with synchronised clocks, not by an answer.
//
// T. Hoefler, T. Schneider, A. Lumsdaine, "LogGOPSim: simulating large-scale applications in the LogGOPS
// model", HPDC 2010 (L + o of a single message). Rounds 1; the first rank sends n.
#include "patterns/pair/pair.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  ScheduleBuilder plan;
  if (pair::role_of(problem) == pair::Role::first)
    plan.send(pair::partner_of(problem), input(0, problem.count));
  else if (pair::role_of(problem) == pair::Role::last)
    plan.receive(pair::partner_of(problem), output(0, problem.count));
  return plan.take();
}

Cost cost(const Problem& problem) {
  return {1, static_cast<double>(problem.count)};
}

}  // namespace

extern const Pattern oneway_pattern = {
    .name = "oneway",
    .summary = "one message from rank 0 to the last rank",
    .metric = Metric::latency,
    .least_ranks = 2,
    .input_count = pair::first_count,
    .output_count = pair::last_count,
    .contract = pair::handed_over,
    .lower_bound = cost,
};

extern const Algorithm oneway_direct = {
    .pattern = "oneway",
    .name = "direct",
    .summary = "one message",
    .source = "Hoefler, Schneider & Lumsdaine, HPDC 2010",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
