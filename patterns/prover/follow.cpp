// Follows a program as data: which rank can go on, and what every element holds.
//
// A step's transfers complete when both sides have reached them, which is the least that a transport grants
// (no buffering at all). check_steps has shown that a step's transfers do not disturb each other, so the
// order in which they are followed here cannot change what they leave: one order proves all of them.
#include <algorithm>
#include <optional>

#include "patterns/prover/accesses.hpp"
#include "patterns/prover/contents.hpp"
#include "patterns/prover/open_step.hpp"
#include "patterns/prover/program.hpp"

namespace podbench::prover {

namespace {

class Follower {
 public:
  explicit Follower(const Program& program)
      : program_(program), sets_(program.ranks()), ranks_(static_cast<std::size_t>(program.ranks())) {
    if (program.one_sided || program.pattern.synchronizes) clocks_.emplace(program.ranks());
    if (program.one_sided) accesses_.emplace(program.ranks());
  }

  MaybeFault run() {
    for (int r = 0; r < program_.ranks() && !fault_; ++r) post(r);
    while (!ready_.empty() && !fault_) {
      const int rank = ready_.back();
      ready_.pop_back();
      finish_step(rank);
    }
    if (!fault_) find_blocked();
    for (int r = 0; r < program_.ranks() && !fault_; ++r) {
      check_contract(r);
      if (program_.pattern.synchronizes) check_synchronized(r);
    }
    return std::move(fault_);
  }

 private:
  struct RankState {
    bool done = false;
    std::size_t step = 0;
    OpenStep open;                       // the transfers of the step
    std::size_t pending = 0;             // those whose other side is not there yet
    std::array<Contents, 2> contents;    // output and scratch; an input holds itself
    std::vector<const Action*> arrived;  // repeated receives of the step that have arrived
  };

  RankState& state(int rank) { return ranks_[static_cast<std::size_t>(rank)]; }

  // The step that `rank` is in; empty when it has ended.
  std::span<const Action> step_of(int rank) {
    const RankState& rank_state = state(rank);
    return rank_state.done ? std::span<const Action>() : program_.of(rank).step(rank_state.step);
  }

  template <class... Args>
  void fail(int rank, fmt::format_string<Args...> format, Args&&... args) {
    if (!fault_) fault_ = fault_at(rank, state(rank).step, format, std::forward<Args>(args)...);
  }

  // The rank reaches its next step.
  void post(int rank) {
    RankState& me = state(rank);
    const Schedule& schedule = program_.of(rank);
    if (me.step == schedule.steps()) {
      me.done = true;
      return;
    }
    me.arrived.clear();
    const std::span<const Action> actions = schedule.step(me.step);
    if (program_.one_sided) access(rank, actions);
    me.open.begin(actions);
    me.pending = me.open.transfers();
    me.open.for_each_group(actions,
                           [&](const Action& first, OpenStep::Group& own) { meet(rank, first, own); });
    if (me.pending == 0) ready_.push_back(rank);
  }

  // The sends or receives of `rank`'s new step towards one peer: over where the peer has its side open.
  void meet(int rank, const Action& first, OpenStep::Group& own) {
    RankState& peer = state(first.peer);
    OpenStep::Group theirs = peer.open.opposite(first, rank);
    const std::span<const Action> here = step_of(rank), there = step_of(first.peer);
    while (own.open() && theirs.open() && !fault_) {
      const Action &mine = here[own.take()], &yours = there[theirs.take()];
      if (mine.kind == ActionKind::send)
        deliver(rank, mine.from, first.peer, yours);
      else
        deliver(first.peer, yours.from, rank, mine);
      --state(rank).pending;
      if (--peer.pending == 0 && first.peer != rank) ready_.push_back(first.peer);
    }
  }

  void deliver(int sender, Range from, int receiver, const Action& receive) {
    if (from.count != receive.into.count)
      return fail(receiver, "receives {} elements from rank {}, which sends {}", receive.into.count, sender,
                  from.count);
    if (clocks_) clocks_->hear(receiver, sender);
    if (!load(sender, from, moving_)) return;
    if (receive.kind == ActionKind::receive_reduce)
      store_reduced(receiver, receive);
    else
      store(receiver, receive.into, receive.repeated ? &receive : nullptr, receiver);
  }

  // One-sided accesses of a step, and its own, for the sake of others' one-sided ones.
  void access(int rank, std::span<const Action> actions) {
    note_own(rank, actions);
    for (const Action& a : actions)
      if (!fault_ && (a.kind == ActionKind::put || a.kind == ActionKind::get)) one_sided(rank, a);
  }

  void one_sided(int rank, const Action& a) {
    const bool puts = a.kind == ActionKind::put;
    const Range remote = puts ? a.into : a.from;
    note(a.peer, rank, remote, puts, a.repeated);
    const int reader = puts ? rank : a.peer, writer = puts ? a.peer : rank;
    if (fault_ || !load(reader, a.from, moving_, rank)) return;
    store(writer, a.into, a.repeated ? &a : nullptr, rank);
  }

  // What this rank itself touches in the step, for the sake of others' puts and gets.
  void note_own(int rank, std::span<const Action> actions) {
    for (const Action& a : actions) {
      if (is_local(a.kind)) break;
      if (a.kind == ActionKind::send || a.kind == ActionKind::put) note(rank, rank, a.from, false, false);
      if (a.kind == ActionKind::receive_reduce) note(rank, rank, a.operand, false, false);
      if (a.kind != ActionKind::send && a.kind != ActionKind::put) note(rank, rank, a.into, true, a.repeated);
    }
  }
  void note(int owner, int by, Range range, bool written, bool repeated) {
    if (fault_ || range.buffer == Buffer::input) return;
    fault_ = accesses_->note(*clocks_, owner, by, state(by).step, range, written, repeated);
  }

  void finish_step(int rank) {
    RankState& me = state(rank);
    if (clocks_) clocks_->learn(rank);
    for (const Action& a : program_.of(rank).step(me.step)) {
      if (!is_local(a.kind)) continue;
      if (accesses_) {
        note(rank, rank, a.from, false, false);
        if (a.kind == ActionKind::reduce) note(rank, rank, a.operand, false, false);
        note(rank, rank, a.into, true, false);
      }
      if (fault_ || !load(rank, a.from, moving_)) return;
      if (a.kind == ActionKind::reduce)
        store_reduced(rank, a);
      else
        store(rank, a.into, nullptr, rank);
    }
    if (clocks_) clocks_->advance(rank);
    me.open.end();
    ++me.step;
    if (!fault_) post(rank);
  }

  // What `range` of `rank` holds, its elements numbered from 0.
  bool load(int rank, Range range, std::vector<Content>& out) { return load(rank, range, out, rank); }
  bool load(int rank, Range range, std::vector<Content>& out, int reader) {
    out.clear();
    if (range.buffer == Buffer::input) {
      out.push_back({0, range.count, range.first, Contributors::only(rank)});
      return true;
    }
    std::uint64_t undefined = 0;
    if (!contents(rank, range.buffer).read(range.first, range.count, out, undefined)) {
      fail(reader, "{} of rank {} is read, but element {} was never written", describe(range), rank,
           undefined);
      return false;
    }
    for (Content& piece : out) piece.first -= range.first;
    return true;
  }

  // Writes what moves to `into`. `repeated`, of `actor`'s step, may find equal content of its step there.
  void store(int rank, Range into, const Action* repeated, int actor) {
    for (Content& piece : moving_) piece.first += into.first;
    if (repeated != nullptr) {
      auto& arrived = state(actor).arrived;
      const auto owner = [&](const Action& a) { return a.kind == ActionKind::put ? a.peer : actor; };
      for (const Action* before : arrived)
        if (before->into == into && owner(*before) == rank) return compare(rank, into, actor);
      arrived.push_back(repeated);
    }
    contents(rank, into.buffer).write(moving_);
  }

  // What moves must be what `into` has got in this step already.
  void compare(int rank, Range into, int actor) {
    operand_.clear();
    std::uint64_t undefined = 0;
    if (!contents(rank, into.buffer).read(into.first, into.count, operand_, undefined) || operand_ != moving_)
      fail(actor, "{} gets different contents in one step", describe(into));
  }

  // Writes what moves, united with the operand, to `into`.
  void store_reduced(int rank, const Action& a) {
    if (!load(rank, a.operand, operand_)) return;
    united_.clear();
    auto left = operand_.begin(), right = moving_.begin();
    for (std::uint64_t at = 0; at < a.into.count;) {
      const std::uint64_t end = std::min(left->end(), right->end());
      Content piece = left->cut(at, end);
      const Content other = right->cut(at, end);
      const std::uint64_t element = a.into.first + at;
      if (piece.input_first != other.input_first)
        return fail(rank, "reduces input element {} into element {} for {}", other.input_first,
                    piece.input_first, describe(a.into));
      const auto both = sets_.unite(piece.ranks, other.ranks);
      if (!both)
        return fail(rank, "element {} of {} would count a contribution twice: {} meets {}", element,
                    describe(a.into), sets_.describe(piece.ranks), sets_.describe(other.ranks));
      piece.ranks = *both;
      united_.push_back(piece);
      if (left->end() == end) ++left;
      if (right->end() == end) ++right;
      at = end;
    }
    moving_.swap(united_);
    store(rank, a.into, nullptr, rank);
  }

  Contents& contents(int rank, Buffer buffer) {
    return state(rank).contents[buffer == Buffer::output ? 0 : 1];
  }

  // Nobody can go on: what the first rank that has not ended waits for.
  void find_blocked() {
    for (int r = 0; r < program_.ranks() && !fault_; ++r) {
      if (state(r).done) continue;
      state(r).open.for_each_group(step_of(r), [&](const Action& first, const OpenStep::Group& group) {
        if (group.open()) fail_blocked(r, step_of(r)[group.next()], state(first.peer));
      });
    }
  }
  void fail_blocked(int rank, const Action& a, const RankState& peer) {
    const bool sends = a.kind == ActionKind::send;
    fail(rank, "{} {} elements with tag {} {} rank {}, {}", sends ? "sends" : "receives",
         sends ? a.from.count : a.into.count, a.tag, sends ? "to" : "from", a.peer,
         peer.done ? fmt::format("which never {} them", sends ? "receives" : "sends")
                   : fmt::format("which waits in its step {}: nobody can go on", peer.step));
  }

  void check_contract(int rank) {
    for (const Piece& piece : program_.pattern.contract(program_.seen_by(rank))) {
      if (piece.count == 0) continue;
      const Contributors::Set wanted =
          piece.source == Piece::all_ranks ? sets_.everybody() : Contributors::only(piece.source);
      operand_.clear();
      std::uint64_t undefined = 0;
      if (!contents(rank, Buffer::output).read(piece.output_first, piece.count, operand_, undefined))
        return fail(rank, "output element {} is never written", undefined);
      for (const Content& found : operand_) {
        const std::uint64_t input_first = piece.input_first + (found.first - piece.output_first);
        if (found.ranks != wanted || found.input_first != input_first)
          return fail(rank, "output element {} holds input element {} of {}, not element {} of {}",
                      found.first, found.input_first, sets_.describe(found.ranks), input_first,
                      sets_.describe(wanted));
      }
    }
  }

  void check_synchronized(int rank) {
    for (int other = 0; other < program_.ranks(); ++other)
      if (!clocks_->knows_entry(rank, other))
        return fail(rank, "leaves without having heard, even through others, of rank {}", other);
  }

  const Program& program_;
  Contributors sets_;
  std::vector<RankState> ranks_;
  std::vector<int> ready_;
  std::optional<Clocks> clocks_;
  std::optional<Accesses> accesses_;
  std::vector<Content> moving_, operand_, united_;
  MaybeFault fault_;
};

}  // namespace

MaybeFault follow(const Program& program) {
  return Follower(program).run();
}

}  // namespace podbench::prover
