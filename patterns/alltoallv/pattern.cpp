// All-to-all-v: all-to-all whose blocks differ in length, as between the experts of a mixture of experts.
//
// `count` is what every rank sends; what a popular rank receives may be far more. With a count matrix, the
// matrix alone decides. Bus factor (p-1)/p as for all-to-all, of what a rank sends; the lower bound is the
// most that any rank must send to others or receive from them.
#include <fmt/format.h>

#include <algorithm>

#include "patterns/alltoall/exchange.hpp"

namespace podbench {

namespace {

std::vector<Block> input_blocks(const Problem& problem) {
  const Exchange exchange = Exchange::uneven(problem);
  std::vector<Block> blocks;
  for (int peer = 0; peer < problem.ranks; ++peer) blocks.push_back(exchange.outgoing(peer));
  return blocks;
}

std::vector<Block> output_blocks(const Problem& problem) {
  const Exchange exchange = Exchange::uneven(problem);
  std::vector<Block> blocks;
  for (int peer = 0; peer < problem.ranks; ++peer) blocks.push_back(exchange.incoming(peer));
  return blocks;
}

std::uint64_t sent_count(const Problem& problem) {
  if (problem.parameters.matrix == nullptr) return problem.count;  // shared out without a rest
  return Exchange::uneven(problem).outgoing_count();
}

// Where the block for rank `to` starts in the input of rank `from`.
std::uint64_t first_in_input(const Exchange& exchange, const Problem& problem, int from, int to) {
  if (problem.parameters.matrix == nullptr) return exchange.outgoing(to).first;  // all rows are equal
  std::uint64_t first = 0;
  for (int peer = 0; peer < to; ++peer) first += exchange.count(from, peer);
  return first;
}

std::vector<Piece> contract(const Problem& problem) {
  const Exchange exchange = Exchange::uneven(problem);
  std::vector<Piece> pieces;
  for (int from = 0; from < problem.ranks; ++from) {
    const Block here = exchange.incoming(from);
    pieces.push_back({here.first, here.count, from, first_in_input(exchange, problem, from, problem.rank)});
  }
  return pieces;
}

Cost lower_bound(const Problem& problem) {
  Cost bound{static_cast<double>(log2_ceil(problem.ranks)), 0};
  Problem own = problem;
  for (own.rank = 0; own.rank < problem.ranks; ++own.rank) {
    const Exchange exchange = Exchange::uneven(own);
    const std::uint64_t kept = exchange.count(own.rank, own.rank);
    const std::uint64_t most = std::max(exchange.outgoing_count(), exchange.incoming_count()) - kept;
    bound.sent_elements = std::max(bound.sent_elements, static_cast<double>(most));
  }
  return bound;
}

}  // namespace

extern const Pattern alltoallv_pattern = {
    .name = "alltoallv",
    .summary = "all-to-all with uneven blocks: Zipf's law or a count matrix",
    .input_count = sent_count,
    .output_count = [](const Problem& problem) { return Exchange::uneven(problem).incoming_count(); },
    .contract = contract,
    .knobs = knob_skew,
    .input_blocks = input_blocks,
    .output_blocks = output_blocks,
    .bus_factor = others_share,
    .moved_count = sent_count,
    .lower_bound = lower_bound,
};

extern const Algorithm alltoallv_native = {
    .pattern = "alltoallv",
    .name = "native",
    .summary = "the transport's own collective",
    .source = "the transport's library",
};

}  // namespace podbench
