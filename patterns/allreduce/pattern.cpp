// All-reduce: every rank ends with the reduction of all inputs.
//
// Bus factor 2(p-1)/p and lower bound: each rank must send, in the bandwidth-optimal case, its (p-1)/p of the
// vector for others to reduce and then (p-1)/p of results (Patarasuk & Yuan, "Bandwidth optimal all-reduce
// algorithms for clusters of workstations", JPDC 2009); an input needs ceil(log2 p) rounds to reach
// everybody.
#include "patterns/contracts.hpp"

namespace podbench {

namespace {

std::vector<Piece> contract(const Problem& problem) {
  return {{.output_first = 0, .count = problem.count, .source = Piece::all_ranks, .input_first = 0}};
}

double bus_factor(int ranks) {
  return 2 * others_share(ranks);
}

Cost lower_bound(const Problem& problem) {
  return {static_cast<double>(log2_ceil(problem.ranks)),
          bus_factor(problem.ranks) * static_cast<double>(problem.count)};
}

}  // namespace

extern const Pattern allreduce_pattern = {
    .name = "allreduce",
    .summary = "every rank gets the reduction of all inputs",
    .reduces = true,
    .input_count = whole_count,
    .output_count = whole_count,
    .contract = contract,
    .knobs = knob_piece,
    .bus_factor = bus_factor,
    .lower_bound = lower_bound,
};

extern const Algorithm allreduce_native = {
    .pattern = "allreduce",
    .name = "native",
    .summary = "the transport's own collective",
    .source = "the transport's library",
};

}  // namespace podbench
