// Training step: what the ranks of a training job say to each other in one step, from a description with the
// sizes of a real model: bucketed gradient all-reduce, sharded reduce-scatter and all-gather, expert
// all-to-all-v, pipeline send and receive. No computation; the parts follow each other, and each is over all
// ranks.
//
// The plan of a rank is its plans for the parts, one after the other, as often as each repeats. That needs no
// barrier between them: messages of two ranks pair in order, and a rank is in a part only after it has sent
// all that is of earlier ones. Bound: the sum of the parts' bounds, which holds where they do not overlap. No
// bus bandwidth: the parts' factors differ.
#include <algorithm>

#include "patterns/training_step/regions.hpp"

namespace podbench {

namespace {

// A part's range as the step sees it.
Range placed(Range range, Region region) {
  if (range.count == 0 || range.buffer == Buffer::scratch) return range;
  range.first += range.buffer == Buffer::input ? region.input_first : region.output_first;
  return range;
}

Action placed(Action action, Region region) {
  action.into = placed(action.into, region);
  action.from = placed(action.from, region);
  action.operand = placed(action.operand, region);
  return action;
}

void append(Schedule& step, const Schedule& part, Region region) {
  const auto begin = static_cast<std::uint32_t>(step.actions.size());
  for (const Action& action : part.actions) step.actions.push_back(placed(action, region));
  for (const std::uint32_t end : part.step_ends) step.step_ends.push_back(begin + end);
}

Schedule generate(const Problem& problem) {
  const std::vector<WorkloadPart>& parts = problem.parameters.workload->parts;
  const std::vector<Region> regions = regions_of(problem);
  std::vector<Schedule> plans;
  Schedule step;
  std::size_t actions = 0, steps = 0;
  for (const WorkloadPart& part : parts) {
    const Schedule& plan = plans.emplace_back(part.algorithm->generate(part_problem(problem, part)));
    actions += part.repeat * plan.actions.size();
    steps += part.repeat * plan.steps();
    step.scratch_count = std::max(step.scratch_count, plan.scratch_count);
  }
  step.actions.reserve(actions);
  step.step_ends.reserve(steps);
  for (std::size_t i = 0; i < parts.size(); ++i)
    for (std::uint64_t k = 0; k < parts[i].repeat; ++k) append(step, plans[i], regions[i]);
  return step;
}

std::vector<Piece> contract(const Problem& problem) {
  const std::vector<WorkloadPart>& parts = problem.parameters.workload->parts;
  const std::vector<Region> regions = regions_of(problem);
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < parts.size(); ++i)
    for (Piece piece : parts[i].pattern->contract(part_problem(problem, parts[i]))) {
      piece.output_first += regions[i].output_first;
      piece.input_first += regions[i].input_first;
      pieces.push_back(piece);
    }
  return pieces;
}

std::uint64_t moved_count(const Problem& problem) {
  std::uint64_t moved = 0;
  for (const WorkloadPart& part : problem.parameters.workload->parts) {
    const Problem own = part_problem(problem, part);
    const auto count = part.pattern->moved_count;
    moved += part.repeat * (count == nullptr ? own.count : count(own));
  }
  return moved;
}

Cost lower_bound(const Problem& problem) {
  Cost bound;
  for (const WorkloadPart& part : problem.parameters.workload->parts) {
    if (part.pattern->lower_bound == nullptr) continue;
    const Cost one = part.pattern->lower_bound(part_problem(problem, part));
    bound.rounds += static_cast<double>(part.repeat) * one.rounds;
    bound.sent_elements += static_cast<double>(part.repeat) * one.sent_elements;
  }
  return bound;
}

}  // namespace

extern const Pattern training_step_pattern = {
    .name = "training_step",
    .summary = "what one step of a training job communicates, from a workload",
    .reduces = true,
    .input_count = step_input_count,
    .output_count = [](const Problem& problem) { return regions_of(problem).back().output_first; },
    .contract = contract,
    .knobs = knob_workload | knob_piece,
    .moved_count = moved_count,
    .lower_bound = lower_bound,
};

// No formula of its own: its cost is that of its parts.
extern const Algorithm training_step_by_parts = {
    .pattern = "training_step",
    .name = "by_parts",
    .summary = "the schedules of its parts, one after the other",
    .source = "the workload's own source",
    .generate = generate,
    .knobs = knob_nodes,
};

}  // namespace podbench
