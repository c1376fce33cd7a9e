#include "bench/direct/edges.hpp"

#include <algorithm>
#include <cassert>
#include <map>
#include <set>
#include <tuple>

namespace podbench::direct {

bool overlap(const Range& a, const Range& b) noexcept {
  return a.buffer == b.buffer && a.first < b.first + b.count && b.first < a.first + a.count;
}

bool reads(const Action& action, const Range& range) noexcept {
  switch (action.kind) {
    case ActionKind::send:
    case ActionKind::copy:
      return overlap(action.from, range);
    case ActionKind::receive_reduce:
      return overlap(action.operand, range);
    case ActionKind::reduce:
      return overlap(action.from, range) || overlap(action.operand, range);
    case ActionKind::receive:
      return false;
    case ActionKind::put:
    case ActionKind::get:
      break;
  }
  assert(!"put and get go by messages");
  return true;
}

bool writes(const Action& action, const Range& range) noexcept {
  return action.kind != ActionKind::send && overlap(action.into, range);
}

std::vector<std::uint32_t> steps_of(const Schedule& schedule) {
  std::vector<std::uint32_t> steps(schedule.actions.size());
  std::uint32_t begin = 0;
  for (std::uint32_t s = 0; s < schedule.step_ends.size(); ++s) {
    std::fill(steps.begin() + begin, steps.begin() + schedule.step_ends[s], s);
    begin = schedule.step_ends[s];
  }
  return steps;
}

namespace {

bool is_receive(const Action& action) {
  return action.kind == ActionKind::receive || action.kind == ActionKind::receive_reduce;
}

using Pair = std::pair<int, int>;  // from, to

class Finder {
 public:
  Finder(std::span<const Schedule> schedules, std::size_t element_bytes)
      : schedules_(schedules), element_bytes_(element_bytes) {
    for (const Schedule& schedule : schedules) {
      steps_.push_back(steps_of(schedule));
      edges_.of_action.emplace_back(schedule.actions.size(), Edge::none);
    }
    edges_.announcements.resize(schedules.size());
  }

  Edges find() {
    match();
    for (Edge& edge : edges_.all) choose_way(edge);
    number_announcements();
    number_takes_and_gives();
    return std::move(edges_);
  }

 private:
  [[nodiscard]] const Schedule& schedule(int rank) const {
    return schedules_[static_cast<std::size_t>(rank)];
  }
  [[nodiscard]] const std::vector<std::uint32_t>& steps(int rank) const {
    return steps_[static_cast<std::size_t>(rank)];
  }
  [[nodiscard]] const Action& send(const Edge& edge) const { return schedule(edge.from).actions[edge.send]; }
  [[nodiscard]] const Action& receive(const Edge& edge) const {
    return schedule(edge.to).actions[edge.receive];
  }

  // Sends meet receives by (sender, receiver, tag) in order.
  void match() {
    std::map<std::tuple<int, int, std::uint16_t>, std::vector<std::uint32_t>> receives;
    for (int rank = 0; rank < static_cast<int>(schedules_.size()); ++rank)
      for (std::uint32_t i = 0; i < schedule(rank).actions.size(); ++i)
        if (const Action& action = schedule(rank).actions[i]; is_receive(action))
          receives[{action.peer, rank, action.tag}].push_back(i);
    std::map<std::tuple<int, int, std::uint16_t>, std::size_t> met;
    for (int rank = 0; rank < static_cast<int>(schedules_.size()); ++rank)
      for (std::uint32_t i = 0; i < schedule(rank).actions.size(); ++i) {
        const Action& action = schedule(rank).actions[i];
        if (action.kind != ActionKind::send) continue;
        const std::tuple key{rank, action.peer, action.tag};
        Edge edge;
        edge.from = rank;
        edge.to = action.peer;
        edge.send = i;
        edge.receive = receives.at(key).at(met[key]++);
        edge.send_step = steps(rank)[i];
        edge.receive_step = steps(action.peer)[edge.receive];
        const auto index = static_cast<std::uint32_t>(edges_.all.size());
        edges_.of_action[static_cast<std::size_t>(edge.from)][edge.send] = index;
        edges_.of_action[static_cast<std::size_t>(edge.to)][edge.receive] = index;
        edges_.all.push_back(edge);
      }
  }

  void choose_way(Edge& edge) {
    std::uint32_t& cells = cells_[{edge.from, edge.to}];
    if (send(edge).from.count * element_bytes_ <= cell_bytes && cells < cell_count / 2) {
      edge.way = Way::cell;
      edge.ordinal = cells++;
    } else if (const std::uint32_t producer = producer_of(edge); producer != Edge::none) {
      edge.way = Way::push;
      edge.producer = producer;
      return;
    }
    edge.last_reader = reader_in_place(edge);
  }

  // The sender's reduction that writes exactly what is sent and is the last to touch it before, where the
  // receiver lets its target alone from the beginning of the run.
  [[nodiscard]] std::uint32_t producer_of(const Edge& edge) const {
    if (receive(edge).kind != ActionKind::receive) return Edge::none;
    const Range& source = send(edge).from;
    const auto& actions = schedule(edge.from).actions;
    std::uint32_t producer = Edge::none;
    for (std::uint32_t i = 0; i < actions.size() && steps(edge.from)[i] < edge.send_step; ++i)
      if (writes(actions[i], source)) producer = i;
    if (producer == Edge::none) return Edge::none;
    const Action& last = actions[producer];
    const bool reduces = last.kind == ActionKind::receive_reduce || last.kind == ActionKind::reduce;
    if (!reduces || !(last.into == source)) return Edge::none;
    const auto& theirs = schedule(edge.to).actions;
    for (std::uint32_t i = 0; i < theirs.size() && steps(edge.to)[i] < edge.receive_step; ++i)
      if (reads(theirs[i], receive(edge).into) || writes(theirs[i], receive(edge).into)) return Edge::none;
    return producer;
  }

  // Only for sources that stay as they are until the run ends: inputs, and cells.
  [[nodiscard]] std::uint32_t reader_in_place(const Edge& edge) const {
    const Action& mine = receive(edge);
    const Range& target = mine.into;
    if (mine.kind != ActionKind::receive || target.buffer != Buffer::scratch) return Edge::none;
    if (edge.way != Way::cell && send(edge).from.buffer != Buffer::input) return Edge::none;
    std::uint32_t last = Edge::none;
    const auto& actions = schedule(edge.to).actions;
    for (std::uint32_t i = 0; i < actions.size(); ++i) {
      const Action& action = actions[i];
      if (!reads(action, target) && !writes(action, target)) continue;
      if (action.kind == ActionKind::receive && action.into == target) continue;
      if (action.kind != ActionKind::reduce || writes(action, target) || !is_exact(action, target))
        return Edge::none;
      if (steps(edge.to)[i] == edge.receive_step) last = i;
    }
    return last;
  }

  // Each operand is the range itself or does not touch it.
  [[nodiscard]] static bool is_exact(const Action& action, const Range& range) {
    return (action.from == range || !overlap(action.from, range)) &&
           (action.operand == range || !overlap(action.operand, range));
  }

  // When the source of a pull is ready: an input always is.
  [[nodiscard]] std::uint32_t ready_step(const Edge& edge) const {
    return send(edge).from.buffer == Buffer::input ? 0 : edge.send_step;
  }

  void number_announcements() {
    std::map<Pair, std::set<std::uint32_t>> steps_by_pair;
    for (const Edge& edge : edges_.all) {
      if (edge.way == Way::pull) steps_by_pair[{edge.from, edge.to}].insert(ready_step(edge));
      if (edge.way == Way::push) steps_by_pair[{edge.to, edge.from}].insert(0);
    }
    const auto number = [&](int from, int to, std::uint32_t step) {
      const auto& steps = steps_by_pair.at({from, to});
      return static_cast<std::uint32_t>(std::distance(steps.begin(), steps.find(step))) + 1;
    };
    for (const auto& [pair, steps] : steps_by_pair)
      for (const std::uint32_t step : steps)
        edges_.announcements[static_cast<std::size_t>(pair.first)].push_back(
            {pair.second, step, number(pair.first, pair.second, step)});
    for (auto& mine : edges_.announcements)
      std::stable_sort(mine.begin(), mine.end(),
                       [](const auto& a, const auto& b) { return a.step < b.step; });
    for (Edge& edge : edges_.all) {
      if (edge.way == Way::pull) edge.announcement = number(edge.from, edge.to, ready_step(edge));
      if (edge.way == Way::push) edge.announcement = number(edge.to, edge.from, 0);
    }
  }

  // In the order in which the one that does them will do them: of one step first what it receives, in the
  // sender's order, and then what its local actions do.
  void number_takes_and_gives() {
    std::map<Pair, std::vector<Edge*>> pulls, pushes;
    for (Edge& edge : edges_.all) {
      if (edge.way == Way::pull) pulls[{edge.from, edge.to}].push_back(&edge);
      if (edge.way == Way::push) pushes[{edge.from, edge.to}].push_back(&edge);
    }
    const auto taken = [](const Edge* e) {
      const bool in_place = e->last_reader != Edge::none;
      return std::tuple(e->receive_step, in_place, in_place ? e->last_reader : e->send, e->send);
    };
    const auto given = [&](const Edge* e) {
      const std::uint32_t arrival = edges_.of_action[static_cast<std::size_t>(e->from)][e->producer];
      const bool arrives = arrival != Edge::none;
      return std::tuple(steps(e->from)[e->producer], !arrives, arrives ? edges_.all[arrival].from : 0,
                        arrives ? edges_.all[arrival].send : e->producer, e->send);
    };
    const auto number = [](auto& by_pair, const auto& order) {
      for (auto& [pair, edges] : by_pair) {
        std::stable_sort(edges.begin(), edges.end(),
                         [&](const Edge* a, const Edge* b) { return order(a) < order(b); });
        for (std::uint32_t i = 0; i < edges.size(); ++i) edges[i]->ordinal = i + 1;
      }
    };
    number(pulls, taken);
    number(pushes, given);
  }

  std::span<const Schedule> schedules_;
  std::size_t element_bytes_;
  std::vector<std::vector<std::uint32_t>> steps_;
  std::map<Pair, std::uint32_t> cells_;
  Edges edges_;
};

}  // namespace

Edges find_edges(std::span<const Schedule> schedules, std::size_t element_bytes) {
  return Finder(schedules, element_bytes).find();
}

std::vector<SeenBuffers> seen_by_peers(std::span<const Schedule> schedules, const Edges& edges) {
  std::vector<SeenBuffers> seen(schedules.size());
  const auto see = [&](int rank, const Range& range) {
    seen[static_cast<std::size_t>(rank)][static_cast<std::size_t>(range.buffer)] = true;
  };
  for (const Edge& edge : edges.all) {
    if (edge.way == Way::pull)
      see(edge.from, schedules[static_cast<std::size_t>(edge.from)].actions[edge.send].from);
    if (edge.way == Way::push)
      see(edge.to, schedules[static_cast<std::size_t>(edge.to)].actions[edge.receive].into);
  }
  return seen;
}

}  // namespace podbench::direct
