// Binomial gather: the ranks that have the data, or owe it, halve every round.
//
// R. Thakur, R. Rabenseifner, W. Gropp, "Optimization of collective communication operations in MPICH",
// IJHPCA 19(1), 2005. Rounds ceil(log2 p); a child of the root sends up to n/2.
#include "patterns/rooted/knomial_plans.hpp"

namespace podbench {

extern const Algorithm gather_binomial = {
    .pattern = "gather",
    .name = "binomial",
    .summary = "a binomial tree: ceil(log2 p) rounds",
    .source = "Thakur, Rabenseifner & Gropp, IJHPCA 2005",
    .generate = [](const Problem& problem) { return rooted::knomial_gather(problem, 2); },
    .cost = [](const Problem& problem) { return rooted::knomial_gather_cost(problem, 2); },
};

}  // namespace podbench
