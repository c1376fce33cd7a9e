// K-nomial gather: a tree in which a rank has up to k-1 children a level; k is the radix.
//
// J. Pješivac-Grbović, T. Angskun, G. Bosilca, G. Fagg, E. Gabriel, J. Dongarra, "Performance analysis of MPI
// collective operations", Cluster Computing 10(2), 2007. Rounds ceil(log_k p); a child of the root sends up
// to n/k where p is a power of k.
#include "patterns/rooted/knomial_plans.hpp"

namespace podbench {

extern const Algorithm gather_knomial = {
    .pattern = "gather",
    .name = "knomial",
    .summary = "a tree of radix k: fewer rounds, more messages in each",
    .source = "Pješivac-Grbović et al., Cluster Computing 2007",
    .generate =
        [](const Problem& problem) { return rooted::knomial_gather(problem, problem.parameters.radix); },
    .knobs = knob_radix,
    .cost =
        [](const Problem& problem) { return rooted::knomial_gather_cost(problem, problem.parameters.radix); },
};

}  // namespace podbench
