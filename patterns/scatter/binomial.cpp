// Binomial scatter: the ranks that have the data, or owe it, double every round.
//
// R. Thakur, R. Rabenseifner, W. Gropp, "Optimization of collective communication operations in MPICH",
// IJHPCA 19(1), 2005. Rounds ceil(log2 p); the root sends (p-1)/p n.
#include "patterns/rooted/knomial_plans.hpp"

namespace podbench {

extern const Algorithm scatter_binomial = {
    .pattern = "scatter",
    .name = "binomial",
    .summary = "a binomial tree: ceil(log2 p) rounds",
    .source = "Thakur, Rabenseifner & Gropp, IJHPCA 2005",
    .generate = [](const Problem& problem) { return rooted::knomial_scatter(problem, 2); },
    .cost = [](const Problem& problem) { return rooted::knomial_scatter_cost(problem, 2); },
};

}  // namespace podbench
