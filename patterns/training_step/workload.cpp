#include "patterns/training_step/workload.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace podbench {

namespace {

// What one rank can hold: 1 TiB of the largest datatype; and a plan of some hundred MB.
constexpr std::uint64_t most_elements = std::uint64_t{1} << 37, most_actions = 1 << 22;

double scaled(const Parameters& given, const WorkloadPart& part) {
  return static_cast<double>(part.elements) * given.workload->scale * given.scale;
}

// Actions of one repetition, by the largest of a few plans: trees and rooted patterns are widest at the first
// rank or at the root, grids in the middle, and the others do not differ.
std::uint64_t actions_of(const Problem& step, const WorkloadPart& part) {
  Problem own = part_problem(step, part);
  std::uint64_t most = 0;
  for (const int rank : {0, step.ranks / 2, step.ranks - 1, own.parameters.root}) {
    if (rank >= step.ranks) continue;
    own.rank = rank;
    most = std::max<std::uint64_t>(most, part.algorithm->generate(own).actions.size());
  }
  return most;
}

}  // namespace

Problem part_problem(const Problem& step, const WorkloadPart& part) {
  const double elements = std::max(1.0, std::round(scaled(step.parameters, part)));
  return {step.rank, step.ranks, static_cast<std::uint64_t>(elements), part.parameters, step.node_of_rank};
}

std::optional<std::string> refuse_workload(const Problem& step) {
  const Parameters& given = step.parameters;
  if (given.workload == nullptr) return "it needs a workload; `podbench list workloads` has some";
  double elements = 0;
  std::uint64_t actions = 0;
  for (const WorkloadPart& part : given.workload->parts) {
    elements += scaled(given, part);
    if (!(elements <= static_cast<double>(most_elements)))
      return fmt::format("{}: the step has more than {} elements here; a smaller scale would do", part.where,
                         most_elements);
    if (const auto reason = refusal(*part.pattern, *part.algorithm, part_problem(step, part)))
      return fmt::format("{}: {}/{}: {}", part.where, part.pattern->name, part.algorithm->name, *reason);
    actions += part.repeat * actions_of(step, part);
    if (actions > most_actions)
      return fmt::format(
          "{}: the plan of a rank has more than {} actions here; repeat less, or use fewer "
          "ranks",
          part.where, most_actions);
  }
  return std::nullopt;
}

}  // namespace podbench
