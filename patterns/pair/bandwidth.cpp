// Bandwidth: a window of messages from the first rank to the last at once, then one acknowledgement back.
//
// D. K. Panda and others, "The MVAPICH project: transforming research into high-performance MPI library for
// HPC community", Journal of Computational Science 52, 2021 (the window test that the field measures with).
// Rounds 2; the first rank sends window · n.
#include "patterns/pair/pair.hpp"

namespace podbench {

namespace {

std::uint64_t moved_count(const Problem& problem) {
  return problem.count * static_cast<std::uint64_t>(problem.parameters.window);
}

Cost cost(const Problem& problem) {
  return {2, static_cast<double>(moved_count(problem))};
}

}  // namespace

extern const Pattern bandwidth_pattern = {
    .name = "bandwidth",
    .summary = "a window of messages from rank 0 to the last rank, one acknowledgement",
    .metric = Metric::bandwidth,
    .least_ranks = 2,
    .input_count = pair::one_way_input_count,
    .output_count = pair::last_count,
    .contract = pair::handed_over,
    .knobs = knob_window,
    .moved_count = moved_count,
    .lower_bound = cost,
    .self_timed = true,
};

extern const Algorithm bandwidth_direct = {
    .pattern = "bandwidth",
    .name = "direct",
    .summary = "all messages of the window at once",
    .source = "Panda et al., J. Comput. Sci. 2021",
    .generate = pair::one_way_window,
    .cost = cost,
};

}  // namespace podbench
