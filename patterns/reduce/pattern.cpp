// Reduce: the root gets the reduction of all inputs.
//
// Bus factor 1 and lower bound: the others' (p-1) n elements need somebody to send n, and an input needs
// ceil(log2 p) rounds to be combined with all others.
#include "patterns/rooted/rooted.hpp"

namespace podbench {

namespace {

std::vector<Piece> contract(const Problem& problem) {
  if (!rooted::is_root(problem)) return {};
  return {{0, problem.count, Piece::all_ranks, 0}};
}

Cost lower_bound(const Problem& problem) {
  return {static_cast<double>(log2_ceil(problem.ranks)),
          problem.ranks == 1 ? 0 : static_cast<double>(problem.count)};
}

}  // namespace

extern const Pattern reduce_pattern = {
    .name = "reduce",
    .summary = "the root gets the reduction of all inputs",
    .reduces = true,
    .input_count = whole_count,
    .output_count = rooted::root_count,
    .contract = contract,
    .knobs = knob_root | knob_piece,
    .bus_factor = [](int) { return 1.0; },
    .lower_bound = lower_bound,
};

extern const Algorithm reduce_native = {
    .pattern = "reduce",
    .name = "native",
    .summary = "the transport's own collective",
    .source = "the transport's library",
};

}  // namespace podbench
