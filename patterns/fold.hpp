// The standard way to let an algorithm for a power of two serve any number of ranks.
//
// With p = 2^m + rest, the first 2·rest ranks form pairs: the even one hands its input to the odd one before
// the algorithm and gets the result after it. 2^m ranks take part (R. Thakur, R. Rabenseifner, W. Gropp,
// "Optimization of collective communication operations in MPICH", IJHPCA 19(1), 2005).
// Costs two rounds and n elements where p is not a power of two, nothing else. Thread-safety: values.
#pragma once

#include "patterns/blocks.hpp"

namespace podbench {

struct Fold {
  int members;  // ranks that take part: the largest power of two not above p
  int rest;     // pairs
  int rank;

  Fold(int ranks, int own_rank) : members(1 << log2_floor(ranks)), rest(ranks - members), rank(own_rank) {}

  // This rank only hands over and gets back; its partner is rank + 1.
  [[nodiscard]] bool stands_aside() const { return rank < 2 * rest && rank % 2 == 0; }
  // This rank takes part for itself and for rank - 1.
  [[nodiscard]] bool represents() const { return rank < 2 * rest && rank % 2 == 1; }
  // Position among the members, and back.
  [[nodiscard]] int member() const { return rank < 2 * rest ? rank / 2 : rank - rest; }
  [[nodiscard]] int rank_of(int position) const {
    return position < rest ? 2 * position + 1 : position + rest;
  }

  // The first rank that a member takes part for; members stand for ranks in order.
  [[nodiscard]] int first_rank_of(int position) const {
    return position < rest ? 2 * position : position + rest;
  }

  // The plan of a rank that stands aside from an all-reduce, and what the fold costs it.
  [[nodiscard]] Schedule aside(std::uint64_t count) const {
    ScheduleBuilder plan;
    plan.send(rank + 1, input(0, count)).end_step();
    plan.receive(rank + 1, output(0, count)).end_step();
    return plan.take();
  }

  [[nodiscard]] Cost extra_cost(std::uint64_t count) const {
    return rest == 0 ? Cost{} : Cost{2, static_cast<double>(count)};
  }
};

}  // namespace podbench
