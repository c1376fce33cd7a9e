// How a Follower moves contents between buffers.
#include <algorithm>

#include "patterns/prover/follower.hpp"

namespace podbench::prover {

void Follower::deliver(int sender, Range from, int receiver, const Move& receive) {
  if (from.count != receive.count)
    return fail(receiver, "receives {} elements from rank {}, which sends {}", receive.count, sender,
                from.count);
  if (clocks_) clocks_->hear(receiver, sender);
  if (!load(sender, from, moving_, sender)) return;
  if (receive.kind == ActionKind::receive_reduce)
    store_reduced(receiver, receive);
  else
    store(receiver, receive.into(), receive.repeated ? &receive : nullptr, receiver);
}

// What `range` of `rank` holds, its elements numbered from 0; `reader` is to blame where that is nothing.
bool Follower::load(int rank, Range range, std::vector<Content>& out, int reader) {
  out.clear();
  if (range.buffer == Buffer::input) {
    out.push_back({0, range.count, range.first, Contributors::only(rank)});
    return true;
  }
  std::uint64_t undefined = 0;
  if (!contents(rank, range.buffer).read(range.first, range.count, out, undefined)) {
    fail(reader, "{} of rank {} is read, but element {} was never written", describe(range), rank, undefined);
    return false;
  }
  for (Content& piece : out) piece.first -= range.first;
  return true;
}

// Writes what moves to `into`. `repeated`, of `actor`'s step, may find equal content of its step there.
void Follower::store(int rank, Range into, const Move* repeated, int actor) {
  for (Content& piece : moving_) piece.first += into.first;
  if (repeated != nullptr) {
    auto& arrived = state(actor).arrived;
    const auto owner = [&](const Move& a) { return a.kind == ActionKind::put ? a.peer : actor; };
    for (const Move* before : arrived)
      if (before->into() == into && owner(*before) == rank) return compare(rank, into, actor);
    arrived.push_back(repeated);
  }
  Contents& target = contents(rank, into.buffer);
  for (const Content& piece : moving_) target.write(piece);
}

// What moves must be what `into` has got in this step already.
void Follower::compare(int rank, Range into, int actor) {
  operand_.clear();
  std::uint64_t undefined = 0;
  if (!contents(rank, into.buffer).read(into.first, into.count, operand_, undefined) || operand_ != moving_)
    fail(actor, "{} gets different contents in one step", describe(into));
}

// Writes what moves, united with the operand, to `into`.
void Follower::store_reduced(int rank, const Move& a) {
  if (!load(rank, a.operand(), operand_, rank)) return;
  united_.clear();
  auto left = operand_.begin(), right = moving_.begin();
  for (std::uint64_t at = 0; at < a.count;) {
    const std::uint64_t end = std::min(left->end(), right->end());
    Content piece = left->cut(at, end);
    const Content other = right->cut(at, end);
    if (piece.input_first != other.input_first)
      return fail(rank, "reduces input element {} into element {} for {}", other.input_first,
                  piece.input_first, describe(a.into()));
    const auto both = sets_->unite(piece.ranks, other.ranks);
    if (!both)
      return fail(rank, "element {} of {} would count a contribution twice: {} meets {}", a.into().first + at,
                  describe(a.into()), sets_->describe(piece.ranks), sets_->describe(other.ranks));
    piece.ranks = *both;
    united_.push_back(piece);
    if (left->end() == end) ++left;
    if (right->end() == end) ++right;
    at = end;
  }
  moving_.swap(united_);
  store(rank, a.into(), nullptr, rank);
}

void Follower::access(int rank, std::span<const Move> actions) {
  for (const Move& a : actions) {
    if (is_local(a.kind)) break;
    if (a.kind == ActionKind::send || a.kind == ActionKind::put) note(rank, rank, a.from(), false, false);
    if (a.kind == ActionKind::receive_reduce) note(rank, rank, a.operand(), false, false);
    if (a.kind != ActionKind::send && a.kind != ActionKind::put) note(rank, rank, a.into(), true, a.repeated);
  }
  for (const Move& a : actions)
    if (!fault_ && (a.kind == ActionKind::put || a.kind == ActionKind::get)) one_sided(rank, a);
}

void Follower::access_local(int rank, const Move& a) {
  note(rank, rank, a.from(), false, false);
  if (a.kind == ActionKind::reduce) note(rank, rank, a.operand(), false, false);
  note(rank, rank, a.into(), true, false);
}

void Follower::one_sided(int rank, const Move& a) {
  const bool puts = a.kind == ActionKind::put;
  const Range remote = puts ? a.into() : a.from();
  const std::uint64_t size = program_->buffer_count(a.peer, remote.buffer);
  if (remote.first > size || remote.count > size - remote.first)
    return fail(rank, "{} is outside rank {}'s {} elements", describe(remote), a.peer, size);
  note(a.peer, rank, remote, puts, a.repeated);
  const int reader = puts ? rank : a.peer, writer = puts ? a.peer : rank;
  if (fault_ || !load(reader, a.from(), moving_, rank)) return;
  store(writer, a.into(), a.repeated ? &a : nullptr, rank);
}

void Follower::note(int owner, int by, Range range, bool written, bool repeated) {
  if (fault_ || range.buffer == Buffer::input) return;
  fault_ = accesses_->note(*clocks_, owner, by, state(by).step, range, written, repeated);
}

}  // namespace podbench::prover
