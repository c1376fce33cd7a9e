// All-gather: every rank gets every rank's block, in order of rank.
//
// Bus factor and lower bound (p-1)/p: the share of the output that is not a rank's own (Chan, Heimlich,
// Purkayastha & van de Geijn, CCPE 2007); what one rank knows needs ceil(log2 p) rounds to reach all.
#include "patterns/contracts.hpp"

namespace podbench {

namespace {

std::vector<Piece> contract(const Problem& problem) {
  std::vector<Piece> pieces;
  pieces.reserve(static_cast<std::size_t>(problem.ranks));
  for (int r = 0; r < problem.ranks; ++r) {
    const Block block = block_of(problem.count, problem.ranks, r);
    pieces.push_back({block.first, block.count, r, 0});
  }
  return pieces;
}

Cost lower_bound(const Problem& problem) {
  return {static_cast<double>(log2_ceil(problem.ranks)),
          others_share(problem.ranks) * static_cast<double>(problem.count)};
}

}  // namespace

extern const Pattern allgather_pattern = {
    .name = "allgather",
    .summary = "every rank gets every rank's block",
    .input_count = own_block_count,
    .output_count = whole_count,
    .contract = contract,
    .input_blocks = [](const Problem& problem) -> std::vector<Block> {
      return {{0, own_block_count(problem)}};
    },
    .output_blocks = [](const Problem& problem) { return even_blocks(problem.count, problem.ranks); },
    .bus_factor = others_share,
    .lower_bound = lower_bound,
};

extern const Algorithm allgather_native = {
    .pattern = "allgather",
    .name = "native",
    .summary = "the transport's own collective",
    .source = "the transport's library",
};

}  // namespace podbench
