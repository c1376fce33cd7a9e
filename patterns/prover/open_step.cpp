#include "patterns/prover/open_step.hpp"

#include <algorithm>

namespace podbench::prover {

namespace {

std::uint64_t key_of(bool sends, int peer, std::uint16_t tag) {
  return (sends ? std::uint64_t{1} << 63 : 0) | static_cast<std::uint64_t>(peer) << 16 | tag;
}

}  // namespace

void OpenStep::begin(std::span<const Move> actions, int ranks) {
  end();
  ranks_ = ranks;
  bool sorted = true;
  for (std::uint32_t i = 0; i < actions.size(); ++i) {
    const Move& a = actions[i];
    if (a.kind > ActionKind::receive_reduce) continue;
    const bool sends = a.kind == ActionKind::send;
    const std::uint64_t key = key_of(sends, a.peer, a.tag);
    sorted = sorted && (entries_.empty() || entries_.back().key <= key);
    entries_.push_back({key, i, 0});
    if (!sends) ++first_send_;
  }
  if (sorted) return;
  if (entries_.size() == 2) return std::swap(entries_[0], entries_[1]);
  // Equal keys stay in the order of the plan, in which their numbers ascend.
  std::sort(entries_.begin(), entries_.end(), [](const Group::Entry& a, const Group::Entry& b) {
    return a.key != b.key ? a.key < b.key : a.action < b.action;
  });
}

OpenStep::Group OpenStep::group_at(std::size_t first) {
  std::size_t last = first;
  while (last < entries_.size() && entries_[last].key == entries_[first].key) ++last;
  return {&entries_[first], static_cast<std::uint32_t>(last - first)};
}

OpenStep::Group OpenStep::opposite(const Move& action, int rank) {
  const bool sends = action.kind != ActionKind::send;
  const std::uint64_t key = key_of(sends, rank, action.tag);
  const std::size_t begin = sends ? first_send_ : 0, end = sends ? entries_.size() : first_send_;
  if (begin == end) return {&nothing_, 0};
  // Where all ranks are peers, each once, it lies here or beside.
  std::size_t at = begin + static_cast<std::size_t>(rank) * (end - begin) / static_cast<std::size_t>(ranks_);
  if (at > begin && entries_[at].key > key) --at;
  if (entries_[at].key != key || (at > begin && entries_[at - 1].key == key)) {
    const std::span all = std::span(entries_).first(end);
    const auto found = std::ranges::lower_bound(all.subspan(begin), key, {}, &Group::Entry::key);
    at = static_cast<std::size_t>(found - all.begin());
    if (at == end || entries_[at].key != key) return {&nothing_, 0};
  }
  return group_at(at);
}

}  // namespace podbench::prover
