#include "patterns/prover/open_step.hpp"

#include <algorithm>

namespace podbench::prover {

namespace {

std::uint64_t key_of(bool sends, int peer, std::uint16_t tag) {
  return (sends ? std::uint64_t{1} << 63 : 0) | static_cast<std::uint64_t>(peer) << 16 | tag;
}

}  // namespace

void OpenStep::begin(std::span<const Action> actions) {
  entries_.clear();
  for (std::uint32_t i = 0; i < actions.size(); ++i) {
    const Action& a = actions[i];
    const bool sends = a.kind == ActionKind::send;
    if (sends || a.kind == ActionKind::receive || a.kind == ActionKind::receive_reduce)
      entries_.push_back({key_of(sends, a.peer, a.tag), i, 0});
  }
  std::ranges::sort(entries_, {}, [](const Group::Entry& e) { return std::pair(e.key, e.action); });
}

OpenStep::Group OpenStep::group_at(std::size_t first) {
  std::size_t last = first;
  while (last < entries_.size() && entries_[last].key == entries_[first].key) ++last;
  return {&entries_[first], static_cast<std::uint32_t>(last - first)};
}

OpenStep::Group OpenStep::opposite(const Action& action, int rank) {
  const std::uint64_t key = key_of(action.kind != ActionKind::send, rank, action.tag);
  const auto found = std::ranges::lower_bound(entries_, key, {}, &Group::Entry::key);
  if (found == entries_.end() || found->key != key) return {&nothing_, 0};
  return group_at(static_cast<std::size_t>(found - entries_.begin()));
}

}  // namespace podbench::prover
