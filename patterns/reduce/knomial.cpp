// K-nomial reduce: a tree in which a rank has up to k-1 children a level; k is the radix.
//
// J. Pješivac-Grbović, T. Angskun, G. Bosilca, G. Fagg, E. Gabriel, J. Dongarra, "Performance analysis of MPI
// collective operations", Cluster Computing 10(2), 2007. Rounds ceil(log_k p); sent per rank n.
#include "patterns/rooted/knomial_plans.hpp"

namespace podbench {

extern const Algorithm reduce_knomial = {
    .pattern = "reduce",
    .name = "knomial",
    .summary = "a tree of radix k: fewer rounds, more messages in each",
    .source = "Pješivac-Grbović et al., Cluster Computing 2007",
    .generate =
        [](const Problem& problem) { return rooted::knomial_reduce(problem, problem.parameters.radix); },
    .knobs = knob_radix,
    .cost =
        [](const Problem& problem) { return rooted::knomial_reduce_cost(problem, problem.parameters.radix); },
};

}  // namespace podbench
