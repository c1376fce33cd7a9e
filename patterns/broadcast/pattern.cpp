// Broadcast: every rank gets the root's input. The root has it already and keeps no second copy.
//
// Bus factor 1 and lower bound: everybody must receive n, and what one rank knows needs ceil(log2 p) rounds
// to reach all.
#include "patterns/rooted/rooted.hpp"

namespace podbench {

namespace {

std::vector<Piece> contract(const Problem& problem) {
  if (rooted::is_root(problem)) return {};
  return {{0, problem.count, problem.parameters.root, 0}};
}

Cost lower_bound(const Problem& problem) {
  return {static_cast<double>(log2_ceil(problem.ranks)),
          problem.ranks == 1 ? 0 : static_cast<double>(problem.count)};
}

}  // namespace

extern const Pattern broadcast_pattern = {
    .name = "broadcast",
    .summary = "every rank gets the root's data",
    .input_count = rooted::root_count,
    .output_count = rooted::others_count,
    .contract = contract,
    .knobs = knob_root,
    .bus_factor = [](int) { return 1.0; },
    .lower_bound = lower_bound,
};

extern const Algorithm broadcast_native = {
    .pattern = "broadcast",
    .name = "native",
    .summary = "the transport's own collective",
    .source = "the transport's library",
};

}  // namespace podbench
