// Faults that one rank's schedule shows by itself.
#include <algorithm>

#include "patterns/prover/program.hpp"

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

class StepChecker {
 public:
  StepChecker(const Program& program, int rank) : program_(program), rank_(rank) {}

  MaybeFault check() {
    const Schedule& schedule = program_.of(rank_);
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

 private:
  template <class... Args>
  Fault at(fmt::format_string<Args...> format, Args&&... args) const {
    return fault_at(rank_, step_, format, std::forward<Args>(args)...);
  }

  // The range lies in its buffer of `owner`, and is not empty.
  MaybeFault check_range(Range range, int owner) const {
    const std::uint64_t size =
        program_.buffer_counts[static_cast<std::size_t>(owner)][static_cast<std::size_t>(range.buffer)];
    if (range.count == 0) return at("moves no elements");
    if (range.first > size || range.count > size - range.first)
      return at("{} is outside rank {}'s {} elements", describe(range), owner, size);
    return {};
  }

  MaybeFault check_action(const Action& action) const {
    const bool local = is_local(action.kind);
    if (!local && (action.peer < 0 || action.peer >= program_.ranks()))
      return at("peer {} is not one of {} ranks", action.peer, program_.ranks());
    const bool one_sided = action.kind == ActionKind::put || action.kind == ActionKind::get;
    if (one_sided && action.peer == rank_) return at("puts to itself or gets from itself");
    if (action.tag > largest_tag) return at("tag {} is above {}", action.tag, largest_tag);
    if (reads_from(action.kind))
      if (auto fault = check_range(action.from, action.kind == ActionKind::get ? action.peer : rank_))
        return fault;
    if (writes_into(action.kind)) {
      if (auto fault = check_range(action.into, action.kind == ActionKind::put ? action.peer : rank_))
        return fault;
      if (action.into.buffer == Buffer::input) return at("writes {}", describe(action.into));
    }
    if (has_operand(action.kind))
      if (auto fault = check_range(action.operand, rank_)) return fault;
    return check_ranges_together(action);
  }

  MaybeFault check_ranges_together(const Action& action) const {
    const bool moves = reads_from(action.kind) && writes_into(action.kind);
    if (moves && action.from.count != action.into.count)
      return at("{} does not fit {}", describe(action.from), describe(action.into));
    if (has_operand(action.kind)) {
      if (!program_.pattern.reduces) return at("reduces, but {} does not", program_.pattern.name);
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

  struct Access {
    Range range;
    bool written, repeated;
  };

  void collect_accesses(std::span<const Action> actions) {
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
  MaybeFault check_hazards(std::span<const Action> actions) {
    collect_accesses(actions);
    if (accesses_.size() < 2) return {};
    std::ranges::sort(accesses_, {}, [](const Access& a) {
      return std::tuple(a.range.buffer, a.range.first, a.range.count, !a.repeated);
    });
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

  const Program& program_;
  int rank_;
  std::size_t step_ = 0;
  std::vector<Access> accesses_;
};

}  // namespace

MaybeFault check_steps(const Program& program) {
  for (int rank = 0; rank < program.ranks(); ++rank)
    if (auto fault = StepChecker(program, rank).check()) return fault;
  return {};
}

}  // namespace podbench::prover
