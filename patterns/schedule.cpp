#include "patterns/schedule.hpp"

#include <cassert>
#include <utility>

namespace podbench {

namespace {

constexpr std::size_t nothing_added = static_cast<std::size_t>(-1);

// The memory of the last builder of this thread: schedules are built by the thousand when an algorithm is
// proved, and growing each of them anew would cost more than filling them.
Schedule& spare() {
  static thread_local Schedule schedule;
  return schedule;
}

}  // namespace

ScheduleBuilder::ScheduleBuilder() : schedule_(std::exchange(spare(), {})) {}

ScheduleBuilder::~ScheduleBuilder() {
  schedule_.actions.clear();
  schedule_.step_ends.clear();
  schedule_.scratch_count = 0;
  spare() = std::move(schedule_);
}

ScheduleBuilder& ScheduleBuilder::add(const Action& action, std::uint64_t count) {
  last_added_ = nothing_added;
  if (count == 0) return *this;
  assert(is_local(action.kind) || schedule_.actions.size() == step_begin_ ||
         !is_local(schedule_.actions.back().kind));  // transfers come before local actions
  last_added_ = schedule_.actions.size();
  schedule_.actions.push_back(action);
  return *this;
}

ScheduleBuilder& ScheduleBuilder::send(int peer, Range from, std::uint16_t tag) {
  return add({.kind = ActionKind::send, .tag = tag, .peer = peer, .from = from}, from.count);
}

ScheduleBuilder& ScheduleBuilder::receive(int peer, Range into, std::uint16_t tag) {
  return add({.kind = ActionKind::receive, .tag = tag, .peer = peer, .into = into}, into.count);
}

ScheduleBuilder& ScheduleBuilder::receive_reduce(int peer, Range into, Range operand, std::uint16_t tag) {
  return add({.kind = ActionKind::receive_reduce, .tag = tag, .peer = peer, .into = into, .operand = operand},
             into.count);
}

ScheduleBuilder& ScheduleBuilder::put(int peer, Range from, Range into_theirs) {
  return add({.kind = ActionKind::put, .peer = peer, .into = into_theirs, .from = from}, from.count);
}

ScheduleBuilder& ScheduleBuilder::get(int peer, Range from_theirs, Range into) {
  return add({.kind = ActionKind::get, .peer = peer, .into = into, .from = from_theirs}, into.count);
}

ScheduleBuilder& ScheduleBuilder::copy(Range from, Range into) {
  const auto follows = [](Range before, Range next) {
    return before.buffer == next.buffer && before.first + before.count == next.first;
  };
  if (from.count > 0 && schedule_.actions.size() > step_begin_) {
    Action& last = schedule_.actions.back();
    if (last.kind == ActionKind::copy && follows(last.from, from) && follows(last.into, into)) {
      last.from.count += from.count;
      last.into.count += from.count;
      return *this;
    }
  }
  return add({.kind = ActionKind::copy, .into = into, .from = from}, into.count);
}

ScheduleBuilder& ScheduleBuilder::reduce(Range from, Range operand, Range into) {
  return add({.kind = ActionKind::reduce, .into = into, .from = from, .operand = operand}, into.count);
}

ScheduleBuilder& ScheduleBuilder::repeated() {
  if (last_added_ != nothing_added) schedule_.actions[last_added_].repeated = true;
  return *this;
}

ScheduleBuilder& ScheduleBuilder::end_step() {
  const auto end = static_cast<std::uint32_t>(schedule_.actions.size());
  if (end != step_begin_) schedule_.step_ends.push_back(end);
  step_begin_ = end;
  last_added_ = nothing_added;
  return *this;
}

Range ScheduleBuilder::reserve_scratch(std::uint64_t count) {
  const Range reserved = scratch(schedule_.scratch_count, count);
  schedule_.scratch_count += count;
  return reserved;
}

Schedule ScheduleBuilder::take() {
  end_step();
  step_begin_ = 0;
  Schedule taken = schedule_;  // a copy has no spare capacity
  schedule_.actions.clear();
  schedule_.step_ends.clear();
  schedule_.scratch_count = 0;
  return taken;
}

}  // namespace podbench
