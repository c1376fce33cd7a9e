// Bidirectional bandwidth: a window of messages each way at the same time, then an acknowledgement each way.
//
// D. K. Panda and others, "The MVAPICH project: transforming research into high-performance MPI library for
// HPC community", Journal of Computational Science 52, 2021. Rounds 2; both ranks send window · n and one
// element.
#include <algorithm>

#include "patterns/pair/pair.hpp"

namespace podbench {

namespace {

std::uint64_t input_count(const Problem& problem) {
  if (pair::role_of(problem) == pair::Role::idle) return 0;
  return std::max(problem.count, pair::acknowledgement_count);
}

std::uint64_t sent_count(const Problem& problem) {
  return problem.count * static_cast<std::uint64_t>(problem.parameters.window);
}

Schedule generate(const Problem& problem) {
  ScheduleBuilder plan;
  if (pair::role_of(problem) == pair::Role::idle) return plan.take();
  const int partner = pair::partner_of(problem);
  pair::receive_window(plan, problem);
  pair::send_window(plan, problem);
  plan.end_step();
  plan.send(partner, input(0, pair::acknowledgement_count), pair::acknowledgement_tag)
      .receive(partner, plan.reserve_scratch(pair::acknowledgement_count), pair::acknowledgement_tag);
  return plan.take();
}

Cost cost(const Problem& problem) {
  return {2, static_cast<double>(sent_count(problem) + pair::acknowledgement_count)};
}

}  // namespace

extern const Pattern bidirectional_pattern = {
    .name = "bidirectional",
    .summary = "a window of messages each way between rank 0 and the last rank",
    .metric = Metric::bandwidth,
    .least_ranks = 2,
    .input_count = input_count,
    .output_count = pair::both_count,
    .contract = pair::swapped,
    .knobs = knob_window,
    .moved_count = [](const Problem& problem) { return 2 * sent_count(problem); },
    .lower_bound = cost,
    .self_timed = true,
};

extern const Algorithm bidirectional_direct = {
    .pattern = "bidirectional",
    .name = "direct",
    .summary = "both windows at once",
    .source = "Panda et al., J. Comput. Sci. 2021",
    .generate = generate,
    .cost = cost,
};

}  // namespace podbench
