#include "patterns/check.hpp"

#include <cassert>

#include "patterns/prover/proof.hpp"

namespace podbench {

std::optional<Fault> check(const Pattern& pattern, const Problem& problem,
                           std::span<const Schedule> schedules) {
  assert(schedules.size() == static_cast<std::size_t>(problem.ranks));
  return prover::Workspace().check(pattern, problem,
                                   [&](int rank) { return schedules[static_cast<std::size_t>(rank)]; });
}

std::vector<Schedule> generate_all(const Algorithm& algorithm, const Problem& problem) {
  std::vector<Schedule> schedules;
  schedules.reserve(static_cast<std::size_t>(problem.ranks));
  Problem own = problem;
  for (own.rank = 0; own.rank < problem.ranks; ++own.rank) schedules.push_back(algorithm.generate(own));
  return schedules;
}

std::optional<Fault> check(const Pattern& pattern, const Algorithm& algorithm, const Problem& problem) {
  return prover::Workspace().check(pattern, algorithm, problem);
}

}  // namespace podbench
