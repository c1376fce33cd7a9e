#include "patterns/prover/program.hpp"

#include "patterns/prover/step_checker.hpp"

namespace podbench::prover {

Move::Move(const Action& action)
    : kind(action.kind),
      repeated(action.repeated),
      tag(action.tag),
      peer(action.peer),
      count(action.kind == ActionKind::send ? action.from.count : action.into.count),
      into_(action.into.first),
      from_(action.from.first),
      operand_(action.operand.first),
      into_buffer_(action.into.buffer),
      from_buffer_(action.from.buffer),
      operand_buffer_(action.operand.buffer) {}

void Program::begin(const Pattern& pattern, const Problem& problem) {
  pattern_ = &pattern;
  problem_ = problem;
  one_sided_ = false;
  buffer_counts_.clear();
  moves_.clear();
  first_move_.assign(1, 0);
  first_step_.assign(1, 0);
}

MaybeFault Program::add(const Schedule& schedule) {
  const int rank = static_cast<int>(buffer_counts_.size());
  const Problem own = seen_by(rank);
  buffer_counts_.push_back({pattern_->input_count(own), pattern_->output_count(own), schedule.scratch_count});
  if (auto fault = StepChecker(*pattern_, problem_.ranks, rank, buffer_counts_.back()).check(schedule))
    return fault;
  const std::size_t begin = moves_.size();
  for (const Action& action : schedule.actions) {
    moves_.emplace_back(action);
    one_sided_ = one_sided_ || action.kind == ActionKind::put || action.kind == ActionKind::get;
  }
  for (const std::uint32_t end : schedule.step_ends) first_move_.push_back(begin + end);
  first_step_.push_back(first_move_.size() - 1);
  return {};
}

}  // namespace podbench::prover
