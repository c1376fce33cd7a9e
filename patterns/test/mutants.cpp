#include "patterns/test/mutants.hpp"

#include <algorithm>

namespace podbench {

namespace {

using Steps = std::vector<std::vector<Action>>;
using Visit = std::function<void(std::size_t, const Schedule&)>;

Steps unpack(const Schedule& schedule) {
  Steps steps;
  for (std::size_t s = 0; s < schedule.steps(); ++s)
    steps.emplace_back(schedule.step(s).begin(), schedule.step(s).end());
  return steps;
}

Schedule pack(const Steps& steps, std::uint64_t scratch_count) {
  Schedule schedule{scratch_count, {}, {}};
  for (const auto& step : steps) {
    if (step.empty()) continue;
    schedule.actions.insert(schedule.actions.end(), step.begin(), step.end());
    schedule.step_ends.push_back(static_cast<std::uint32_t>(schedule.actions.size()));
  }
  return schedule;
}

bool reduces(const Action& a) {
  return a.kind == ActionKind::receive_reduce || a.kind == ActionKind::reduce;
}

// The ranges that an action uses.
std::vector<Range Action::*> ranges_of(const Action& a) {
  std::vector<Range Action::*> used;
  if (a.kind != ActionKind::send) used.push_back(&Action::into);
  if (a.kind != ActionKind::receive && a.kind != ActionKind::receive_reduce) used.push_back(&Action::from);
  if (reduces(a)) used.push_back(&Action::operand);
  return used;
}

class Mutator {
 public:
  Mutator(const Schedule& schedule, int ranks, const Visit& visit)
      : scratch_count_(schedule.scratch_count), ranks_(ranks), steps_(unpack(schedule)), visit_(visit) {
    any_reduction_ = std::ranges::any_of(schedule.actions, reduces);
  }

  void run() {
    for (std::size_t s = 0; s < steps_.size(); ++s) {
      emit(0, [&](Steps& steps) { steps[s].clear(); });
      if (s > 0) emit(4, [&](Steps& steps) { std::swap(steps[s - 1], steps[s]); });
      for (std::size_t a = 0; a < steps_[s].size(); ++a) mutate_action(s, a);
    }
  }

 private:
  template <class Change>
  void emit(std::size_t kind, Change change) {
    Steps steps = steps_;
    change(steps);
    if (steps != steps_) visit_(kind, pack(steps, scratch_count_));
  }

  void mutate_action(std::size_t s, std::size_t a) {
    const Action& original = steps_[s][a];
    const auto change = [&](std::size_t kind, auto edit) {
      emit(kind, [&](Steps& steps) { edit(steps[s][a]); });
    };
    emit(1, [&](Steps& steps) { steps[s].erase(steps[s].begin() + static_cast<std::ptrdiff_t>(a)); });
    if (!is_local(original.kind)) {
      change(2, [&](Action& x) { x.peer = (x.peer + 1) % ranks_; });
      if (original.kind <= ActionKind::receive_reduce) change(5, [](Action& x) { ++x.tag; });
    }
    for (const auto range : ranges_of(original)) {
      change(3, [&](Action& x) { ++(x.*range).first; });
      change(3, [&](Action& x) { --(x.*range).count; });
      if ((original.*range).first > 0) change(3, [&](Action& x) { --(x.*range).first; });
      for (const Buffer other : {Buffer::input, Buffer::output, Buffer::scratch})
        change(7, [&](Action& x) { (x.*range).buffer = other; });
    }
    duplicate(s, a);
  }

  void duplicate(std::size_t s, std::size_t a) {
    const Action& original = steps_[s][a];
    if (reduces(original)) {
      // What went in as operand goes in once more.
      const Action again{.kind = ActionKind::reduce,
                         .into = original.into,
                         .from = original.operand,
                         .operand = original.into};
      emit(6, [&](Steps& steps) { steps[s].push_back(again); });
    } else if (!any_reduction_ && original.kind <= ActionKind::receive_reduce) {
      emit(6, [&](Steps& steps) {
        steps[s].insert(steps[s].begin() + static_cast<std::ptrdiff_t>(a), original);
      });
    }
  }

  std::uint64_t scratch_count_;
  int ranks_;
  Steps steps_;
  const Visit& visit_;
  bool any_reduction_ = false;
};

}  // namespace

void for_each_mutant(const Schedule& schedule, int ranks, const Visit& visit) {
  Mutator(schedule, ranks, visit).run();
}

}  // namespace podbench
