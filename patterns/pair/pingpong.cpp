// Ping-pong: the first rank sends, the last one answers; latency is half the round trip.
//
// R. Hockney, "The communication challenge for MPP: Intel Paragon and Meiko CS-2", Parallel Computing 20(3),
// 1994. The answer is the last rank's own data, so that a message that merely stayed where it was shows.
#include "patterns/pair/pair.hpp"

namespace podbench {

namespace {

Schedule generate(const Problem& problem) {
  const int partner = pair::partner_of(problem);
  const Range ping = input(0, problem.count), pong = output(0, problem.count);
  ScheduleBuilder plan;
  if (pair::role_of(problem) == pair::Role::first)
    plan.send(partner, ping).end_step().receive(partner, pong);
  else if (pair::role_of(problem) == pair::Role::last)
    plan.receive(partner, pong).end_step().send(partner, ping);
  return plan.take();
}

}  // namespace

extern const Pattern pingpong_pattern = {
    .name = "pingpong",
    .summary = "rank 0 and the last rank answer each other; half the round trip",
    .metric = Metric::latency,
    .least_ranks = 2,
    .input_count = pair::both_count,
    .output_count = pair::both_count,
    .contract = pair::swapped,
    .operations = [](const Problem&) { return 2; },
    .lower_bound = [](const Problem& problem) -> Cost {
      return {2, static_cast<double>(problem.count)};
    },
    .self_timed = true,
};

extern const Algorithm pingpong_direct = {
    .pattern = "pingpong",
    .name = "direct",
    .summary = "one message each way",
    .source = "Hockney, Parallel Computing 1994",
    .generate = generate,
    .cost = [](const Problem& problem) -> Cost {
      return {2, static_cast<double>(problem.count)};
    },
};

}  // namespace podbench
