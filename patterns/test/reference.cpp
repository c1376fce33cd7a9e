#include "patterns/test/reference.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <random>
#include <set>
#include <stdexcept>
#include <tuple>

namespace podbench {

namespace {

// An element: which element of the inputs, and whose, as often as they went in. Empty: undefined.
struct Cell {
  std::uint64_t element = 0;
  std::multiset<int> ranks;
  friend bool operator==(const Cell&, const Cell&) = default;
};

struct Wrong : std::runtime_error {
  using std::runtime_error::runtime_error;
};
void require(bool condition, const char* what) {
  if (!condition) throw Wrong(what);
}

using StepOf = std::pair<int, std::size_t>;  // rank, step
constexpr std::size_t entry = static_cast<std::size_t>(-1);

struct Touch {
  StepOf by;
  int owner;
  Range range;
  bool written, repeated, local;
  std::set<StepOf> known;  // the ends of steps that certainly came before
};

class Reference {
 public:
  Reference(const Pattern& pattern, const Problem& problem, std::span<const Schedule> schedules,
            unsigned seed)
      : pattern_(pattern),
        problem_(problem),
        schedules_(schedules),
        random_(seed),
        ranks_(schedules.size()) {}

  void judge() {
    for (int r = 0; r < problem_.ranks; ++r) prepare(r);
    pair_all();
    while (advance_somebody()) {
    }
    for (const Rank& rank : ranks_) require(rank.step == rank.schedule->steps(), "stuck");
    check_touches();
    for (int r = 0; r < problem_.ranks; ++r) check_end(r);
  }

 private:
  struct Rank {
    const Schedule* schedule = nullptr;
    std::array<std::vector<Cell>, 3> buffers;
    std::size_t step = 0;
    bool reached = false;
    std::set<StepOf> known;
  };
  struct Pairing {
    int sender, receiver;
    std::size_t send_step, receive_step;
    const Action *send, *receive;
    bool done = false;
  };

  Rank& at(int rank) { return ranks_.at(static_cast<std::size_t>(rank)); }
  static bool two_sided(const Action& a) { return a.kind <= ActionKind::receive_reduce; }
  static bool remote(const Action& a) { return a.kind == ActionKind::put || a.kind == ActionKind::get; }

  void prepare(int r) {
    Problem own = problem_;
    own.rank = r;
    Rank& rank = at(r);
    rank.schedule = &schedules_[static_cast<std::size_t>(r)];
    rank.known.insert({r, entry});
    rank.buffers = {std::vector<Cell>(pattern_.input_count(own)),
                    std::vector<Cell>(pattern_.output_count(own)),
                    std::vector<Cell>(rank.schedule->scratch_count)};
    for (std::size_t i = 0; i < rank.buffers[0].size(); ++i) rank.buffers[0][i] = {i, {r}};
  }

  // The k-th send of a channel goes with its k-th receive.
  void pair_all() {
    std::map<std::tuple<int, int, int>, std::deque<std::pair<std::size_t, const Action*>>> sends;
    for (int r = 0; r < problem_.ranks; ++r)
      for (std::size_t s = 0; s < at(r).schedule->steps(); ++s)
        for (const Action& a : at(r).schedule->step(s)) {
          if (!is_local(a.kind)) require(a.peer >= 0 && a.peer < problem_.ranks, "peer");
          if (a.kind == ActionKind::send) sends[{r, a.peer, a.tag}].emplace_back(s, &a);
        }
    for (int r = 0; r < problem_.ranks; ++r)
      for (std::size_t s = 0; s < at(r).schedule->steps(); ++s)
        for (const Action& a : at(r).schedule->step(s)) {
          if (!two_sided(a) || a.kind == ActionKind::send) continue;
          auto& channel = sends[{a.peer, r, a.tag}];
          require(!channel.empty(), "receive without send");
          require(channel.front().second->from.count == a.into.count, "lengths");
          pairings_.push_back({a.peer, r, channel.front().first, s, channel.front().second, &a});
          channel.pop_front();
        }
    for (const auto& [key, rest] : sends) require(rest.empty(), "send without receive");
  }

  bool advance_somebody() {
    std::vector<int> order(ranks_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int>(i);
    std::ranges::shuffle(order, random_);
    bool moved = false;
    for (const int r : order) moved = reach(r) || moved;
    std::ranges::shuffle(pairings_, random_);
    for (Pairing& p : pairings_) moved = transfer(p) || moved;
    for (const int r : order) moved = leave(r) || moved;
    return moved;
  }

  bool reach(int r) {
    Rank& rank = at(r);
    if (rank.reached || rank.step == rank.schedule->steps()) return false;
    rank.reached = true;
    bool local = false;
    for (const Action& a : rank.schedule->step(rank.step)) {
      require(!local || is_local(a.kind), "order in step");
      local = is_local(a.kind);
      require(a.kind == ActionKind::send || a.into.buffer != Buffer::input, "writes input");
      require(!remote(a) || a.peer != r, "one-sided to itself");
      if (!local) touch_all(r, a);
      if (a.kind == ActionKind::put) move(r, a.from, a.peer, a);
      if (a.kind == ActionKind::get) move(a.peer, a.from, r, a);
    }
    return true;
  }

  bool transfer(Pairing& p) {
    const bool open = !p.done && at(p.sender).reached && at(p.sender).step == p.send_step &&
                      at(p.receiver).reached && at(p.receiver).step == p.receive_step;
    if (!open) return false;
    p.done = true;
    move(p.sender, p.send->from, p.receiver, *p.receive);
    heard_.push_back({p.receiver, at(p.sender).known});
    return true;
  }

  bool leave(int r) {
    Rank& rank = at(r);
    if (!rank.reached) return false;
    for (const Pairing& p : pairings_)
      if (!p.done &&
          ((p.sender == r && p.send_step == rank.step) || (p.receiver == r && p.receive_step == rank.step)))
        return false;
    for (auto& [receiver, known] : heard_)
      if (receiver == r) rank.known.insert(known.begin(), known.end());
    std::erase_if(heard_, [&](const auto& h) { return h.first == r; });
    for (const Action& a : rank.schedule->step(rank.step)) {
      if (!is_local(a.kind)) continue;
      touch_all(r, a);
      move(r, a.from, r, a);
    }
    rank.known.insert({r, rank.step});
    ++rank.step;
    rank.reached = false;
    return true;
  }

  std::span<Cell> cells(int r, Range range) {
    auto& buffer = at(r).buffers.at(static_cast<std::size_t>(range.buffer));
    require(range.count > 0 && range.first <= buffer.size() && range.count <= buffer.size() - range.first,
            "bounds");
    return std::span(buffer).subspan(range.first, range.count);
  }

  void move(int reader, Range from, int writer, const Action& a) {
    std::vector<Cell> moved(cells(reader, from).begin(), cells(reader, from).end());
    const std::span<Cell> target = cells(writer, a.into);
    require(moved.size() == target.size(), "lengths");
    for (const Cell& cell : moved) require(!cell.ranks.empty(), "undefined");
    if (a.kind == ActionKind::receive_reduce || a.kind == ActionKind::reduce) {
      const std::span<Cell> operand = cells(writer, a.operand);
      require(pattern_.reduces && operand.size() == moved.size(), "operand");
      for (std::size_t i = 0; i < moved.size(); ++i) {
        require(!operand[i].ranks.empty() && operand[i].element == moved[i].element, "unlike elements");
        for (const int rank : moved[i].ranks) require(!operand[i].ranks.contains(rank), "counted twice");
        moved[i].ranks.insert(operand[i].ranks.begin(), operand[i].ranks.end());
      }
    }
    std::ranges::copy(moved, target.begin());
    if (a.repeated) repeats_.push_back({writer, &a, moved});
  }

  void touch_all(int r, const Action& a) {
    const StepOf by{r, at(r).step};
    const bool local = is_local(a.kind);
    const auto touch = [&](int owner, Range range, bool written) {
      if (range.buffer == Buffer::input) return;
      touches_.push_back({by, owner, range, written, a.repeated, local, at(r).known});
    };
    const bool reduces = a.kind == ActionKind::receive_reduce || a.kind == ActionKind::reduce;
    if (a.kind != ActionKind::receive && a.kind != ActionKind::receive_reduce)
      touch(a.kind == ActionKind::get ? a.peer : r, a.from, false);
    if (reduces && a.operand != a.into) touch(r, a.operand, false);
    if (a.kind != ActionKind::send) touch(a.kind == ActionKind::put ? a.peer : r, a.into, true);
    const bool in_place = a.kind == ActionKind::reduce && a.from == a.into;
    if (reduces) require(a.operand == a.into || !meets(a.operand, a.into), "operand overlaps");
    if (local && !in_place) require(!meets(a.from, a.into), "copy overlaps");
  }

  static bool meets(Range a, Range b) {
    return a.buffer == b.buffer && a.first < b.first + b.count && b.first < a.first + a.count;
  }

  // Two touches that meet, one of them a write, must not be concurrent.
  void check_touches() {
    for (std::size_t i = 0; i < touches_.size(); ++i)
      for (std::size_t j = 0; j < i; ++j) {
        const Touch &a = touches_[j], &b = touches_[i];
        if (a.owner != b.owner || !meets(a.range, b.range) || !(a.written || b.written)) continue;
        if (a.repeated && b.repeated && a.range == b.range && a.by == b.by) continue;
        if (a.by == b.by && (a.local || b.local)) continue;  // local actions come after, in order
        require(b.known.contains(a.by) || a.known.contains(b.by), "concurrent");
      }
    for (const Repeat& a : repeats_)
      for (const Repeat& b : repeats_)
        require(a.writer != b.writer || !meets(a.action->into, b.action->into) || a.moved == b.moved,
                "repeats differ");
  }

  void check_end(int r) {
    Problem own = problem_;
    own.rank = r;
    for (const Piece& piece : pattern_.contract(own))
      for (std::uint64_t i = 0; i < piece.count; ++i) {
        Cell wanted{piece.input_first + i, {}};
        for (int s = 0; s < problem_.ranks; ++s)
          if (piece.source == s || piece.source == Piece::all_ranks) wanted.ranks.insert(s);
        require(at(r).buffers[1].at(piece.output_first + i) == wanted, "contract");
      }
    for (int s = 0; s < problem_.ranks && pattern_.synchronizes; ++s)
      require(at(r).known.contains({s, entry}), "not synchronized");
  }

  struct Repeat {
    int writer;
    const Action* action;
    std::vector<Cell> moved;
  };
  const Pattern& pattern_;
  Problem problem_;
  std::span<const Schedule> schedules_;
  std::mt19937 random_;
  std::vector<Rank> ranks_;
  std::vector<Pairing> pairings_;
  std::vector<std::pair<int, std::set<StepOf>>> heard_;
  std::vector<Touch> touches_;
  std::vector<Repeat> repeats_;
};

}  // namespace

std::string reference_fault(const Pattern& pattern, const Problem& problem,
                            std::span<const Schedule> schedules, unsigned seed) {
  try {
    Reference(pattern, problem, schedules, seed).judge();
  } catch (const Wrong& wrong) {
    return wrong.what();
  }
  return {};
}

}  // namespace podbench
