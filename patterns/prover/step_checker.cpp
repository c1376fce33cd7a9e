#include "patterns/prover/step_checker.hpp"

#include <algorithm>
#include <tuple>

namespace podbench::prover {

std::string describe(Range range) {
  static constexpr std::array names{"input", "output", "scratch"};
  return fmt::format("{} [{}, {})", names[static_cast<std::size_t>(range.buffer)], range.first,
                     range.first + range.count);
}

namespace {

constexpr std::uint16_t largest_tag = 16'383;  // what every transport can carry

bool reads_from(ActionKind kind) {
  return kind != ActionKind::receive && kind != ActionKind::receive_reduce;
}
bool writes_into(ActionKind kind) {
  return kind != ActionKind::send;
}
bool has_operand(ActionKind kind) {
  return kind == ActionKind::receive_reduce || kind == ActionKind::reduce;
}

bool is_one_sided(ActionKind kind) {
  return kind == ActionKind::put || kind == ActionKind::get;
}

}  // namespace

MaybeFault StepChecker::check(const Schedule& schedule) {
  for (step_ = 0; step_ < schedule.steps(); ++step_) {
    bool local_seen = false;
    for (const Action& action : schedule.step(step_)) {
      if (auto fault = check_action(action)) return fault;
      if (local_seen && !is_local(action.kind)) return at("a transfer stands behind a local action");
      local_seen = local_seen || is_local(action.kind);
    }
    if (auto fault = check_hazards(schedule.step(step_))) return fault;
  }
  return {};
}

// Why the range does not lie in its buffer.
Fault StepChecker::explain(Range range) const {
  if (range.count == 0) return at("moves no elements");
  return at("{} is outside rank {}'s {} elements", describe(range), rank_,
            buffer_counts_[static_cast<std::size_t>(range.buffer)]);
}

MaybeFault StepChecker::check_action(const Action& action) const {
  if (!is_local(action.kind) && (action.peer < 0 || action.peer >= ranks_))
    return at("peer {} is not one of {} ranks", action.peer, ranks_);
  if (is_one_sided(action.kind) && action.peer == rank_) return at("puts to itself or gets from itself");
  if (action.tag > largest_tag) return at("tag {} is above {}", action.tag, largest_tag);
  if (reads_from(action.kind) && action.kind != ActionKind::get)
    if (!is_inside(action.from)) return explain(action.from);
  if (writes_into(action.kind)) {
    if (action.kind != ActionKind::put)
      if (!is_inside(action.into)) return explain(action.into);
    if (action.into.buffer == Buffer::input) return at("writes {}", describe(action.into));
  }
  if (has_operand(action.kind))
    if (!is_inside(action.operand)) return explain(action.operand);
  return check_ranges_together(action);
}

MaybeFault StepChecker::check_ranges_together(const Action& action) const {
  const bool moves = reads_from(action.kind) && writes_into(action.kind);
  if (moves && action.from.count != action.into.count)
    return at("{} does not fit {}", describe(action.from), describe(action.into));
  if (has_operand(action.kind)) {
    if (!pattern_.reduces) return at("reduces, but {} does not", pattern_.name);
    if (action.operand.count != action.into.count)
      return at("{} does not fit {}", describe(action.operand), describe(action.into));
    if (action.operand != action.into && overlap(action.operand, action.into))
      return at("{} overlaps {}", describe(action.operand), describe(action.into));
  }
  const bool in_place = action.kind == ActionKind::reduce && action.from == action.into;
  if (is_local(action.kind) && !in_place && overlap(action.from, action.into))
    return at("{} overlaps {}", describe(action.from), describe(action.into));
  if (action.repeated && (action.kind == ActionKind::receive_reduce || is_local(action.kind)))
    return at("only plain transfers can be repeated");
  return {};
}

void StepChecker::collect_accesses(std::span<const Action> actions) {
  accesses_.clear();
  const auto add = [&](Range range, bool written, bool repeated) {
    if (range.buffer != Buffer::input) accesses_.push_back({range, written, repeated});
  };
  for (const Action& action : actions) {
    if (is_local(action.kind)) break;
    if (action.kind == ActionKind::send || action.kind == ActionKind::put) add(action.from, false, false);
    if (action.kind == ActionKind::receive_reduce && action.operand != action.into)
      add(action.operand, false, false);
    if (action.kind != ActionKind::send && action.kind != ActionKind::put)
      add(action.into, true, action.repeated);
  }
}

// The transfers of a step are concurrent: what one writes no other may touch, save repeated content.
MaybeFault StepChecker::check_hazards(std::span<const Action> actions) {
  collect_accesses(actions);
  if (accesses_.size() < 2) return {};
  // Of two it is plain whether they meet.
  if (accesses_.size() == 2) {
    const Access &a = accesses_[0], &b = accesses_[1];
    const bool same_content = a.repeated && b.repeated && a.range == b.range;
    if (!overlap(a.range, b.range) || !(a.written || b.written) || same_content) return {};
  }
  // Repeated ones of one range stand together.
  const auto in_order = [](const Access& a, const Access& b) {
    if (a.range.buffer != b.range.buffer) return a.range.buffer < b.range.buffer;
    if (a.range.first != b.range.first) return a.range.first < b.range.first;
    if (a.range.count != b.range.count) return a.range.count < b.range.count;
    return a.repeated && !b.repeated;
  };
  if (!std::is_sorted(accesses_.begin(), accesses_.end(), in_order))
    std::sort(accesses_.begin(), accesses_.end(), in_order);
  std::uint64_t read_end = 0, write_end = 0;
  for (std::size_t i = 0; i < accesses_.size(); ++i) {
    const Access& now = accesses_[i];
    if (i > 0) {
      const Access& before = accesses_[i - 1];
      if (now.range.buffer != before.range.buffer) read_end = write_end = 0;
      if (now.repeated && before.repeated && now.range == before.range) continue;
    }
    const std::uint64_t taken = now.written ? std::max(read_end, write_end) : write_end;
    if (now.range.first < taken)
      return at("two transfers meet in {}, and one of them writes it", describe(now.range));
    std::uint64_t& end = now.written ? write_end : read_end;
    end = std::max(end, now.range.first + now.range.count);
  }
  return {};
}

}  // namespace podbench::prover
