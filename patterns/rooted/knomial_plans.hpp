// The k-nomial plans of the four rooted collectives, for any radix; binomial is radix 2. Every level of the
// tree is one round, in which a rank talks to its up to k-1 children of that level at once.
// Thread-safety: pure.
#pragma once

#include "patterns/pattern.hpp"

namespace podbench::rooted {

[[nodiscard]] Schedule knomial_broadcast(const Problem& problem, int radix);
[[nodiscard]] Schedule knomial_reduce(const Problem& problem, int radix);
[[nodiscard]] Schedule knomial_gather(const Problem& problem, int radix);
[[nodiscard]] Schedule knomial_scatter(const Problem& problem, int radix);

[[nodiscard]] Cost knomial_broadcast_cost(const Problem& problem, int radix);
[[nodiscard]] Cost knomial_reduce_cost(const Problem& problem, int radix);
[[nodiscard]] Cost knomial_gather_cost(const Problem& problem, int radix);
[[nodiscard]] Cost knomial_scatter_cost(const Problem& problem, int radix);

}  // namespace podbench::rooted
