// One proof after the other in the same memory. Thread-safety: one thread a workspace.
#pragma once

#include "patterns/prover/follower.hpp"
#include "patterns/prover/program.hpp"

namespace podbench::prover {

class Workspace {
 public:
  // `schedule_of(rank)` gives each rank's schedule, in order.
  template <class ScheduleOf>
  [[nodiscard]] MaybeFault check(const Pattern& pattern, const Problem& problem, ScheduleOf schedule_of) {
    program_.begin(pattern, problem);
    for (int r = 0; r < problem.ranks; ++r)
      if (auto fault = program_.add(schedule_of(r))) return fault;
    return follower_.follow(program_);
  }

  [[nodiscard]] MaybeFault check(const Pattern& pattern, const Algorithm& algorithm, const Problem& problem) {
    Problem own = problem;
    return check(pattern, problem, [&](int rank) {
      own.rank = rank;
      return algorithm.generate(own);
    });
  }

  // Of the last program, all ranks together.
  [[nodiscard]] std::uint64_t steps() const { return program_.total_steps(); }

 private:
  Program program_;
  Follower follower_;
};

}  // namespace podbench::prover
