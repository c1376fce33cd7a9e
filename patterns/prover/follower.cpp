#include "patterns/prover/follower.hpp"

#include <algorithm>

namespace podbench::prover {

MaybeFault Follower::follow(const Program& program) {
  begin(program);
  for (int r = 0; r < program.ranks() && !fault_; ++r) post(r);
  while (!ready_.empty() && !fault_) {
    const int rank = ready_.back();
    ready_.pop_back();
    finish_step(rank);
  }
  if (!fault_) find_blocked();
  for (int r = 0; r < program.ranks() && !fault_; ++r) {
    check_contract(r);
    if (program.pattern().synchronizes) check_synchronized(r);
  }
  return std::move(fault_);
}

void Follower::begin(const Program& program) {
  program_ = &program;
  sets_.emplace(program.ranks());
  ranks_.resize(static_cast<std::size_t>(program.ranks()));
  for (RankState& rank : ranks_) {
    rank.done = false;
    rank.step = 0;
    for (Contents& contents : rank.contents) contents.clear();
    rank.open.end();
  }
  ready_.clear();
  clocks_.reset();
  accesses_.reset();
  if (program.one_sided() || program.pattern().synchronizes) clocks_.emplace(program.ranks());
  if (program.one_sided()) accesses_.emplace(program.ranks());
  fault_.reset();
}

// The rank reaches its next step.
void Follower::post(int rank) {
  RankState& me = state(rank);
  if (me.step == program_->steps(rank)) {
    me.done = true;
    return;
  }
  me.arrived.clear();
  const std::span<const Move> actions = step_of(rank);
  if (accesses_) access(rank, actions);
  me.open.begin(actions, program_->ranks());
  me.pending = me.open.transfers();
  me.open.for_each_group(actions, [&](const Move& first, OpenStep::Group& own) { meet(rank, first, own); });
  if (me.pending == 0) ready_.push_back(rank);
}

// The sends or receives of `rank`'s new step towards one peer: over where the peer has its side open.
void Follower::meet(int rank, const Move& first, OpenStep::Group& own) {
  RankState& peer = state(first.peer);
  OpenStep::Group theirs = peer.open.opposite(first, rank);
  const std::span<const Move> here = step_of(rank), there = step_of(first.peer);
  while (own.open() && theirs.open() && !fault_) {
    const Move &mine = here[own.take()], &yours = there[theirs.take()];
    if (mine.kind == ActionKind::send)
      deliver(rank, mine.from(), first.peer, yours);
    else
      deliver(first.peer, yours.from(), rank, mine);
    --state(rank).pending;
    if (--peer.pending == 0 && first.peer != rank) ready_.push_back(first.peer);
  }
}

// All transfers of the step are over: its local actions, and on to the next one.
void Follower::finish_step(int rank) {
  RankState& me = state(rank);
  if (clocks_) clocks_->learn(rank);
  for (const Move& a : step_of(rank)) {
    if (!is_local(a.kind)) continue;
    if (accesses_) access_local(rank, a);
    if (fault_ || !load(rank, a.from(), moving_, rank)) return;
    if (a.kind == ActionKind::reduce)
      store_reduced(rank, a);
    else
      store(rank, a.into(), nullptr, rank);
  }
  if (clocks_) clocks_->advance(rank);
  me.open.end();
  ++me.step;
  if (!fault_) post(rank);
}

// Nobody can go on: what the first rank that has not ended waits for.
void Follower::find_blocked() {
  for (int r = 0; r < program_->ranks() && !fault_; ++r) {
    if (state(r).done) continue;
    state(r).open.for_each_group(step_of(r), [&](const Move& first, const OpenStep::Group& group) {
      if (group.open()) fail_blocked(r, step_of(r)[group.next()], state(first.peer));
    });
  }
}

void Follower::fail_blocked(int rank, const Move& a, const RankState& peer) {
  const bool sends = a.kind == ActionKind::send;
  fail(rank, "{} {} elements with tag {} {} rank {}, {}", sends ? "sends" : "receives", a.count, a.tag,
       sends ? "to" : "from", a.peer,
       peer.done ? fmt::format("which never {} them", sends ? "receives" : "sends")
                 : fmt::format("which waits in its step {}: nobody can go on", peer.step));
}

void Follower::check_contract(int rank) {
  for (const Piece& piece : program_->pattern().contract(program_->seen_by(rank))) {
    if (piece.count == 0) continue;
    const Contributors::Set wanted =
        piece.source == Piece::all_ranks ? sets_->everybody() : Contributors::only(piece.source);
    operand_.clear();
    std::uint64_t undefined = 0;
    if (!contents(rank, Buffer::output).read(piece.output_first, piece.count, operand_, undefined))
      return fail(rank, "output element {} is never written", undefined);
    for (const Content& found : operand_) {
      const std::uint64_t input_first = piece.input_first + (found.first - piece.output_first);
      if (found.ranks != wanted || found.input_first != input_first)
        return fail(rank, "output element {} holds input element {} of {}, not element {} of {}", found.first,
                    found.input_first, sets_->describe(found.ranks), input_first, sets_->describe(wanted));
    }
  }
}

void Follower::check_synchronized(int rank) {
  for (int other = 0; other < program_->ranks(); ++other)
    if (!clocks_->knows_entry(rank, other))
      return fail(rank, "leaves without having heard, even through others, of rank {}", other);
}

}  // namespace podbench::prover
