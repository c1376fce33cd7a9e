#include "patterns/check.hpp"

#include <cassert>

#include "patterns/prover/program.hpp"

namespace podbench {

namespace {

prover::Program program_of(const Pattern& pattern, const Problem& problem,
                           std::span<const Schedule> schedules) {
  prover::Program program{pattern, problem, schedules, {}, false};
  for (int r = 0; r < problem.ranks; ++r) {
    const Schedule& schedule = program.of(r);
    const Problem own = program.seen_by(r);
    program.buffer_counts.push_back(
        {pattern.input_count(own), pattern.output_count(own), schedule.scratch_count});
    for (const Action& a : schedule.actions)
      program.one_sided = program.one_sided || a.kind == ActionKind::put || a.kind == ActionKind::get;
  }
  return program;
}

}  // namespace

std::optional<Fault> check(const Pattern& pattern, const Problem& problem,
                           std::span<const Schedule> schedules) {
  assert(schedules.size() == static_cast<std::size_t>(problem.ranks));
  const prover::Program program = program_of(pattern, problem, schedules);
  if (auto fault = prover::check_steps(program)) return fault;
  return prover::follow(program);
}

std::vector<Schedule> generate_all(const Algorithm& algorithm, const Problem& problem) {
  std::vector<Schedule> schedules;
  schedules.reserve(static_cast<std::size_t>(problem.ranks));
  Problem own = problem;
  for (own.rank = 0; own.rank < problem.ranks; ++own.rank) schedules.push_back(algorithm.generate(own));
  return schedules;
}

std::optional<Fault> check(const Pattern& pattern, const Algorithm& algorithm, const Problem& problem) {
  return check(pattern, problem, generate_all(algorithm, problem));
}

}  // namespace podbench
