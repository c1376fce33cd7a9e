// Reduce-scatter: every rank gets its block of the reduction of all inputs.
//
// Bus factor and lower bound (p-1)/p: the share of a rank's input that belongs to the others (Chan, Heimlich,
// Purkayastha & van de Geijn, CCPE 2007).
#include "patterns/contracts.hpp"

namespace podbench {

namespace {

std::vector<Piece> contract(const Problem& problem) {
  const Block own = block_of(problem.count, problem.ranks, problem.rank);
  return {{0, own.count, Piece::all_ranks, own.first}};
}

Cost lower_bound(const Problem& problem) {
  return {static_cast<double>(log2_ceil(problem.ranks)),
          others_share(problem.ranks) * static_cast<double>(problem.count)};
}

}  // namespace

extern const Pattern reduce_scatter_pattern = {
    .name = "reduce_scatter",
    .summary = "every rank gets its block of the reduction of all inputs",
    .reduces = true,
    .input_count = whole_count,
    .output_count = own_block_count,
    .contract = contract,
    .knobs = knob_piece,
    .input_blocks = [](const Problem& problem) { return even_blocks(problem.count, problem.ranks); },
    .output_blocks = [](const Problem& problem) -> std::vector<Block> {
      return {{0, own_block_count(problem)}};
    },
    .bus_factor = others_share,
    .lower_bound = lower_bound,
};

extern const Algorithm reduce_scatter_native = {
    .pattern = "reduce_scatter",
    .name = "native",
    .summary = "the transport's own collective",
    .source = "the transport's library",
};

}  // namespace podbench
