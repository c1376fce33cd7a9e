// The sends and receives of the step that a rank is in, by their other side: pairs what two ranks have open
// for each other. Between two ranks and under one tag, sends and receives pair in the order of both plans;
// as a step ends only when all its transfers are paired, no earlier step has anything left to pair.
// Thread-safety: one thread.
#pragma once

#include <span>
#include <vector>

#include "patterns/prover/program.hpp"

namespace podbench::prover {

class OpenStep {
 public:
  // The sends to one peer under one tag, or the receives from it: actions of the step in their order.
  class Group {
   public:
    [[nodiscard]] bool open() const { return first_->taken < size_; }
    [[nodiscard]] std::uint32_t take() { return first_[first_->taken++].action; }
    [[nodiscard]] std::uint32_t next() const { return first_[first_->taken].action; }

   private:
    friend class OpenStep;
    struct Entry {
      std::uint64_t key;
      std::uint32_t action;  // its place in the step
      std::uint32_t taken;   // of the group, in its first entry
    };
    Group(Entry* first, std::uint32_t size) : first_(first), size_(size) {}
    Entry* first_;
    std::uint32_t size_;
  };

  void begin(std::span<const Move> actions, int ranks);
  void end() {
    entries_.clear();
    first_send_ = 0;
  }
  [[nodiscard]] std::size_t transfers() const { return entries_.size(); }

  // Calls visit(action of the group, group) for each group.
  template <class Visit>
  void for_each_group(std::span<const Move> actions, Visit visit) {
    for (std::size_t i = 0; i < entries_.size();) {
      Group group = group_at(i);
      visit(actions[entries_[i].action], group);
      i += group.size_;
    }
  }

  // The group that pairs with `action` of rank `rank`; nothing open where there is none.
  [[nodiscard]] Group opposite(const Move& action, int rank);

 private:
  [[nodiscard]] Group group_at(std::size_t first);
  std::vector<Group::Entry> entries_;  // by key, then by order; receives come before sends
  std::size_t first_send_ = 0;
  int ranks_ = 0;
  Group::Entry nothing_{};
};

}  // namespace podbench::prover
