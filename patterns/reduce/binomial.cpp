// Binomial reduce: the ranks that have the data, or owe it, halve every round.
//
// R. Thakur, R. Rabenseifner, W. Gropp, "Optimization of collective communication operations in MPICH",
// IJHPCA 19(1), 2005. Rounds ceil(log2 p); sent per rank n.
#include "patterns/rooted/knomial_plans.hpp"

namespace podbench {

extern const Algorithm reduce_binomial = {
    .pattern = "reduce",
    .name = "binomial",
    .summary = "a binomial tree: ceil(log2 p) rounds",
    .source = "Thakur, Rabenseifner & Gropp, IJHPCA 2005",
    .generate = [](const Problem& problem) { return rooted::knomial_reduce(problem, 2); },
    .cost = [](const Problem& problem) { return rooted::knomial_reduce_cost(problem, 2); },
};

}  // namespace podbench
