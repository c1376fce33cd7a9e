// Gather: the root gets every rank's block, in order of rank.
//
// Bus factor (p-1)/p, the share that does not start at the root; nobody but the root need move more than its
// block, but the root must receive (p-1)/p n.
#include "patterns/rooted/rooted.hpp"

namespace podbench {

namespace {

std::vector<Piece> contract(const Problem& problem) {
  std::vector<Piece> pieces;
  if (!rooted::is_root(problem)) return pieces;
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

extern const Pattern gather_pattern = {
    .name = "gather",
    .summary = "the root gets every rank's block",
    .input_count = own_block_count,
    .output_count = rooted::root_count,
    .contract = contract,
    .knobs = knob_root,
    .input_blocks = [](const Problem& problem) -> std::vector<Block> {
      return {{0, own_block_count(problem)}};
    },
    .output_blocks = [](const Problem& problem) { return even_blocks(problem.count, problem.ranks); },
    .bus_factor = others_share,
    .lower_bound = lower_bound,
};

extern const Algorithm gather_native = {
    .pattern = "gather",
    .name = "native",
    .summary = "the transport's own collective",
    .source = "the transport's library",
};

}  // namespace podbench
