// Scatter: every rank gets its block of the root's input.
//
// Bus factor and lower bound (p-1)/p: the share that must leave the root.
#include "patterns/rooted/rooted.hpp"

namespace podbench {

namespace {

std::vector<Piece> contract(const Problem& problem) {
  const Block own = block_of(problem.count, problem.ranks, problem.rank);
  return {{0, own.count, problem.parameters.root, own.first}};
}

Cost lower_bound(const Problem& problem) {
  return {static_cast<double>(log2_ceil(problem.ranks)),
          others_share(problem.ranks) * static_cast<double>(problem.count)};
}

}  // namespace

extern const Pattern scatter_pattern = {
    .name = "scatter",
    .summary = "every rank gets its block of the root's data",
    .input_count = rooted::root_count,
    .output_count = own_block_count,
    .contract = contract,
    .knobs = knob_root,
    .input_blocks = [](const Problem& problem) { return even_blocks(problem.count, problem.ranks); },
    .output_blocks = [](const Problem& problem) -> std::vector<Block> {
      return {{0, own_block_count(problem)}};
    },
    .bus_factor = others_share,
    .lower_bound = lower_bound,
};

extern const Algorithm scatter_native = {
    .pattern = "scatter",
    .name = "native",
    .summary = "the transport's own collective",
    .source = "the transport's library",
};

}  // namespace podbench
