#include "bench/direct/plan.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace podbench::direct {
namespace {

// Each action is held against each other one of its rank.
constexpr std::size_t most_actions = 1'024;

void add_wait(std::vector<Wait>& waits, const Wait& wait) {
  for (Wait& known : waits)
    if (known.peer == wait.peer && known.counter == wait.counter) {
      known.value = std::max(known.value, wait.value);
      return;
    }
  waits.push_back(wait);
}

class Planner {
 public:
  Planner(std::span<const Schedule> schedules, const Edges& edges, int rank)
      : schedules_(schedules),
        edges_(edges),
        rank_(rank),
        mine_(schedules[static_cast<std::size_t>(rank)]),
        step_of_(steps_of(mine_)) {
    plan_.steps.resize(mine_.steps());
    plan_.ours.resize(schedules.size());
    plan_.theirs.resize(schedules.size());
    for (const Edge& edge : edges.all)
      if (edge.way == Way::push && edge.from == rank) pushes_.emplace(edge.producer, &edge);
  }

  Plan make() {
    count_totals();
    announce();
    for (std::uint32_t i = 0; i < mine_.actions.size(); ++i) add(i);
    order_arrivals();
    return std::move(plan_);
  }

 private:
  [[nodiscard]] Step& step_of(std::uint32_t action) { return plan_.steps[step_of_[action]]; }
  [[nodiscard]] const Edge* edge_of(std::uint32_t action) const {
    const std::uint32_t index = edges_.of_action[static_cast<std::size_t>(rank_)][action];
    return index == Edge::none ? nullptr : &edges_.all[index];
  }
  [[nodiscard]] const Action& send_of(const Edge& edge) const {
    return schedules_[static_cast<std::size_t>(edge.from)].actions[edge.send];
  }

  void count_totals() {
    for (const Edge& edge : edges_.all) {
      if (edge.from == rank_) {
        Totals& ours = plan_.ours[static_cast<std::size_t>(edge.to)];
        Totals& theirs = plan_.theirs[static_cast<std::size_t>(edge.to)];
        if (edge.way == Way::cell) ++ours.cells;
        if (edge.way == Way::push) ++ours.given;
        if (edge.way == Way::pull) ++theirs.taken;
      }
      if (edge.to == rank_) {
        Totals& ours = plan_.ours[static_cast<std::size_t>(edge.from)];
        Totals& theirs = plan_.theirs[static_cast<std::size_t>(edge.from)];
        if (edge.way == Way::cell) ++theirs.cells;
        if (edge.way == Way::push) ++theirs.given;
        if (edge.way == Way::pull) ++ours.taken;
      }
    }
  }

  void announce() {
    for (std::size_t from = 0; from < edges_.announcements.size(); ++from)
      for (const Announcement& one : edges_.announcements[from]) {
        if (one.to == rank_) ++plan_.theirs[from].announced;
        if (static_cast<int>(from) != rank_) continue;
        ++plan_.ours[static_cast<std::size_t>(one.to)].announced;
        plan_.steps[one.step].announcements.push_back({one.to, Counter::announced, one.number});
      }
  }

  void add(std::uint32_t i) {
    const Action& action = mine_.actions[i];
    switch (action.kind) {
      case ActionKind::send:
        return add_send(i);
      case ActionKind::receive:
      case ActionKind::receive_reduce:
        return add_receive(i);
      case ActionKind::copy:
      case ActionKind::reduce:
        return add_local(i);
      case ActionKind::put:
      case ActionKind::get:
        break;
    }
  }

  void add_send(std::uint32_t i) {
    const Edge& edge = *edge_of(i);
    const Range& source = mine_.actions[i].from;
    if (edge.way == Way::cell) step_of(i).cells.push_back({edge.to, edge.ordinal, source});
    if (edge.way == Way::pull) add_wait(before_reuse(i), {edge.to, Counter::taken, edge.ordinal});
  }

  // Where the peer must have read what action `i` sends: before it is written again.
  std::vector<Wait>& before_reuse(std::uint32_t i) {
    const Range& source = mine_.actions[i].from;
    for (std::uint32_t later = i + 1; later < mine_.actions.size(); ++later) {
      if (!writes(mine_.actions[later], source)) continue;
      return is_local(mine_.actions[later].kind) ? step_of(later).arrived : step_of(later).before;
    }
    return plan_.end;
  }

  void add_receive(std::uint32_t i) {
    const Edge& edge = *edge_of(i);
    const Action& action = mine_.actions[i];
    if (edge.way == Way::push) return add_wait(step_of(i).arrived, {edge.from, Counter::given, edge.ordinal});
    if (edge.last_reader != Edge::none) return;  // local actions read it in place
    Combine combine;
    if (action.kind == ActionKind::receive_reduce) combine.sources.push_back({rank_, action.operand});
    add_incoming(combine, edge, true);
    combine.targets.push_back({rank_, action.into, read_after(rank_, i, action.into)});
    add_pushes(combine, i);
    arrivals_.emplace(std::tuple(step_of_[i], edge.from, edge.send), std::move(combine));
  }

  // What arrives by an edge, as a source; `last`: nothing else reads it.
  void add_incoming(Combine& combine, const Edge& edge, bool last) {
    Source source{edge.from, send_of(edge).from};
    if (edge.way == Way::cell) {
      source.cell = edge.ordinal;
    } else {
      add_wait(combine.waits, {edge.from, Counter::announced, edge.announcement});
      if (last) combine.signals.push_back({edge.from, Counter::taken, edge.ordinal});
    }
    combine.sources.push_back(source);
  }

  // The result of action `producer` goes where it is sent later, too.
  void add_pushes(Combine& combine, std::uint32_t producer) {
    const auto [begin, end] = pushes_.equal_range(producer);
    std::vector<const Edge*> edges;
    for (auto at = begin; at != end; ++at) edges.push_back(at->second);
    std::sort(edges.begin(), edges.end(),
              [](const Edge* a, const Edge* b) { return a->ordinal < b->ordinal; });
    for (const Edge* edge : edges) {
      const Action& receive = schedules_[static_cast<std::size_t>(edge->to)].actions[edge->receive];
      add_wait(combine.waits, {edge->to, Counter::announced, edge->announcement});
      combine.targets.push_back({edge->to, receive.into, read_after(edge->to, edge->receive, receive.into)});
      combine.signals.push_back({edge->to, Counter::given, edge->ordinal});
    }
  }

  // Whether an action behind `i` reads the range, other than to send what was pushed already.
  [[nodiscard]] bool read_after(int rank, std::uint32_t i, const Range& range) const {
    const auto& actions = schedules_[static_cast<std::size_t>(rank)].actions;
    for (std::uint32_t later = i + 1; later < actions.size(); ++later) {
      if (!reads(actions[later], range)) continue;
      const std::uint32_t edge = edges_.of_action[static_cast<std::size_t>(rank)][later];
      const bool is_pushed = actions[later].kind == ActionKind::send && edges_.all[edge].way == Way::push;
      if (!is_pushed) return true;
    }
    return false;
  }

  void add_local(std::uint32_t i) {
    const Action& action = mine_.actions[i];
    Combine combine;
    if (action.kind == ActionKind::reduce) add_operand(combine, i, action.operand);
    add_operand(combine, i, action.from);
    combine.targets.push_back({rank_, action.into, read_after(rank_, i, action.into)});
    add_pushes(combine, i);
    std::vector<Combine>& locals = step_of(i).locals;
    if (!locals.empty() && action.kind == ActionKind::reduce && continues(locals.back(), action))
      return append(locals.back(), combine);
    locals.push_back(std::move(combine));
  }

  // A range that a local action reads: this rank's own, or what an edge of the step brings.
  void add_operand(Combine& combine, std::uint32_t i, const Range& range) {
    const std::uint32_t begin = step_of_[i] == 0 ? 0 : mine_.step_ends[step_of_[i] - 1];
    for (std::uint32_t receive = begin; receive < i; ++receive) {
      const Edge* edge = mine_.actions[receive].kind == ActionKind::receive ? edge_of(receive) : nullptr;
      if (edge == nullptr || edge->last_reader == Edge::none || mine_.actions[receive].into != range)
        continue;
      return add_incoming(combine, *edge, edge->last_reader == i);
    }
    combine.sources.push_back({rank_, range});
  }

  // Whether a reduction goes on with what the one before it has just computed.
  [[nodiscard]] bool continues(const Combine& before, const Action& action) const {
    return before.sources.size() >= 2 && before.targets.size() == 1 &&
           before.targets.front().range == action.into && action.operand == action.into &&
           !overlap(action.from, action.into);
  }
  static void append(Combine& before, const Combine& next) {
    before.sources.insert(before.sources.end(), next.sources.begin() + 1, next.sources.end());
    before.targets = next.targets;
    for (const Wait& wait : next.waits) add_wait(before.waits, wait);
    before.signals.insert(before.signals.end(), next.signals.begin(), next.signals.end());
  }

  // Counters of a peer grow by one at a time: what takes from one peer, and what gives to one, has an order,
  // that of find_edges().
  void order_arrivals() {
    for (const auto& [key, combine] : arrivals_) plan_.steps[std::get<0>(key)].arrivals.push_back(combine);
    for (Step& step : plan_.steps) {
      std::map<std::pair<int, Counter>, std::uint32_t> last;
      for (std::uint32_t i = 0; i < step.arrivals.size(); ++i)
        for (const Signal& signal : step.arrivals[i].signals) {
          const auto [before, is_first] = last.try_emplace({signal.peer, signal.counter}, i);
          if (!is_first) step.arrivals[i].after.push_back(std::exchange(before->second, i));
        }
    }
  }

  std::span<const Schedule> schedules_;
  const Edges& edges_;
  int rank_;
  const Schedule& mine_;
  std::vector<std::uint32_t> step_of_;
  std::multimap<std::uint32_t, const Edge*> pushes_;  // by producer
  std::map<std::tuple<std::uint32_t, int, std::uint32_t>, Combine>
      arrivals_;  // by step and the sender's order
  Plan plan_;
};

}  // namespace

bool can_compile(std::span<const Schedule> schedules) {
  return std::all_of(schedules.begin(), schedules.end(), [](const Schedule& schedule) {
    return schedule.actions.size() <= most_actions &&
           std::none_of(schedule.actions.begin(), schedule.actions.end(), [](const Action& action) {
             return action.kind == ActionKind::put || action.kind == ActionKind::get;
           });
  });
}

Plan make_plan(std::span<const Schedule> schedules, const Edges& edges, int rank) {
  return Planner(schedules, edges, rank).make();
}

}  // namespace podbench::direct
