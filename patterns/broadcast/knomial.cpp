// K-nomial broadcast: a tree in which a rank has up to k-1 children a level; k is the radix.
//
// J. Pješivac-Grbović, T. Angskun, G. Bosilca, G. Fagg, E. Gabriel, J. Dongarra, "Performance analysis of MPI
// collective operations", Cluster Computing 10(2), 2007. Rounds ceil(log_k p); the root sends (k-1) n log_k p
// where p is a power of k.
#include "patterns/rooted/knomial_plans.hpp"

namespace podbench {

extern const Algorithm broadcast_knomial = {
    .pattern = "broadcast",
    .name = "knomial",
    .summary = "a tree of radix k: fewer rounds, more messages in each",
    .source = "Pješivac-Grbović et al., Cluster Computing 2007",
    .generate =
        [](const Problem& problem) { return rooted::knomial_broadcast(problem, problem.parameters.radix); },
    .knobs = knob_radix,
    .cost =
        [](const Problem& problem) {
          return rooted::knomial_broadcast_cost(problem, problem.parameters.radix);
        },
};

}  // namespace podbench
