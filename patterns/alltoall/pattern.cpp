// All-to-all: every rank has a block for every rank.
//
// Bus factor and lower bound (p-1)/p: all of a rank's input but its own block must leave it (Chan, Heimlich,
// Purkayastha & van de Geijn, "Collective communication: theory, practice, and experience", CCPE 2007).
// Blocks of uneven counts: ExchangeBlocks in blocks.hpp.
#include "patterns/contracts.hpp"

namespace podbench {

namespace {

std::vector<Block> peer_blocks(const Problem& problem) {
  std::vector<Block> blocks;
  blocks.reserve(static_cast<std::size_t>(problem.ranks));
  const ExchangeBlocks exchange(problem.count, problem.ranks);
  for (int peer = 0; peer < problem.ranks; ++peer) blocks.push_back(exchange.at(problem.rank, peer));
  return blocks;
}

std::vector<Piece> contract(const Problem& problem) {
  std::vector<Piece> pieces;
  pieces.reserve(static_cast<std::size_t>(problem.ranks));
  const ExchangeBlocks exchange(problem.count, problem.ranks);
  for (int peer = 0; peer < problem.ranks; ++peer) {
    const Block here = exchange.at(problem.rank, peer);
    const Block there = exchange.at(peer, problem.rank);
    pieces.push_back({here.first, here.count, peer, there.first});
  }
  return pieces;
}

Cost lower_bound(const Problem& problem) {
  return {static_cast<double>(log2_ceil(problem.ranks)),
          others_share(problem.ranks) * static_cast<double>(problem.count)};
}

}  // namespace

extern const Pattern alltoall_pattern = {
    .name = "alltoall",
    .summary = "every rank sends a block of its own to every rank",
    .input_count = whole_count,
    .output_count = whole_count,
    .contract = contract,
    .input_blocks = peer_blocks,
    .output_blocks = peer_blocks,
    .bus_factor = others_share,
    .lower_bound = lower_bound,
};

extern const Algorithm alltoall_native = {
    .pattern = "alltoall",
    .name = "native",
    .summary = "the transport's own collective",
    .source = "the transport's library",
};

}  // namespace podbench
