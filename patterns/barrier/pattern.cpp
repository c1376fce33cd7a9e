// Barrier: no rank leaves before every rank has entered. There is nothing to move, so its messages are tokens
// of one element, taken from an input that exists for them; the prover checks who has heard of whom.
#include "patterns/contracts.hpp"

namespace podbench {

extern const Pattern barrier_pattern = {
    .name = "barrier",
    .summary = "no rank leaves before every rank has entered",
    .input_count = [](const Problem&) -> std::uint64_t { return 1; },
    .output_count = [](const Problem&) -> std::uint64_t { return 0; },
    .contract = [](const Problem&) -> std::vector<Piece> { return {}; },
    .synchronizes = true,
    .moved_count = [](const Problem&) -> std::uint64_t { return 0; },
    .lower_bound = [](const Problem& problem) -> Cost {
      return {static_cast<double>(log2_ceil(problem.ranks)), 0};
    },
    .sized = false,
};

extern const Algorithm barrier_native = {
    .pattern = "barrier",
    .name = "native",
    .summary = "the transport's own collective",
    .source = "the transport's library",
};

}  // namespace podbench
