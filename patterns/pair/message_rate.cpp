// Message rate: the bandwidth test's window, counted in messages a second.
//
// D. Doerfler, R. Brightwell, "Measuring MPI send and receive overhead and application availability in high
// performance network interfaces", EuroPVM/MPI 2006. Rounds 2; the first rank sends window · n.
#include "patterns/pair/pair.hpp"

namespace podbench {

namespace {

Cost cost(const Problem& problem) {
  return {2, static_cast<double>(problem.count) * problem.parameters.window};
}

}  // namespace

extern const Pattern message_rate_pattern = {
    .name = "message_rate",
    .summary = "messages a second from rank 0 to the last rank, a window at once",
    .metric = Metric::message_rate,
    .least_ranks = 2,
    .input_count = pair::one_way_input_count,
    .output_count = pair::last_count,
    .contract = pair::handed_over,
    .knobs = knob_window,
    .operations = [](const Problem& problem) { return problem.parameters.window; },
    .lower_bound = cost,
    .self_timed = true,
};

extern const Algorithm message_rate_direct = {
    .pattern = "message_rate",
    .name = "direct",
    .summary = "all messages of the window at once",
    .source = "Doerfler & Brightwell, EuroPVM/MPI 2006",
    .generate = pair::one_way_window,
    .cost = cost,
};

}  // namespace podbench
