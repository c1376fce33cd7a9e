// The schedules of all ranks as the prover's parts look at them. Thread-safety: values.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "patterns/prover/fault.hpp"

namespace podbench::prover {

struct Program {
  const Pattern& pattern;
  Problem problem;  // its rank means nothing
  std::span<const Schedule> schedules;
  std::vector<std::array<std::uint64_t, 3>> buffer_counts;  // by rank and Buffer
  bool one_sided = false;                                   // some rank puts or gets

  [[nodiscard]] int ranks() const { return problem.ranks; }
  [[nodiscard]] const Schedule& of(int rank) const { return schedules[static_cast<std::size_t>(rank)]; }
  [[nodiscard]] Problem seen_by(int rank) const {
    Problem own = problem;
    own.rank = rank;
    return own;
  }
};

// One part of the proof after the other; each relies on those before.
//
// Every action by itself and the actions of a step among themselves: ranges inside their buffers, nothing
// written to an input, no two transfers of a step in each other's way.
[[nodiscard]] MaybeFault check_steps(const Program& program);

// Follows the program with synchronous sends: it must not stop before its end, and then every output must
// hold what the contract says. So every send has met its receive, and of equal length.
[[nodiscard]] MaybeFault follow(const Program& program);

}  // namespace podbench::prover
