#include "analysis/pod/link_groups.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>

namespace podbench {
namespace {

constexpr double full = 1 - 1e-9, not_over = 1 + 1e-9;

// How far a direction's flows are looked for in one group: routes looked at, and ports on either side. The
// group's first direction, for which everything is still free, is worth more than one that only shares the
// round.
struct Budget {
  int routes;
  std::size_t ports;
};
constexpr Budget first_budget{4'096, 1 << 20}, other_budget{64, 512};

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

// Which vertices a search has seen; forgets all of them in O(1).
class Seen {
 public:
  explicit Seen(std::size_t vertices) : epochs_(vertices) {}
  void forget() { ++epoch_; }
  bool first_time(int vertex) {
    if (epochs_[at(vertex)] == epoch_) return false;
    epochs_[at(vertex)] = epoch_;
    return true;
  }

 private:
  std::uint64_t epoch_ = 0;
  std::vector<std::uint64_t> epochs_;
};

// The ports around `root`, nearest first, without passing `other`; at the root the search begins with the hop
// after the one to `other`.
class NearestPorts {
 public:
  NearestPorts(const Routes& routes, Seen& seen, int root, int other)
      : routes_(routes), seen_(seen), queue_{root} {
    seen_.forget();
    seen_.first_time(other);
    seen_.first_time(root);
    const auto hops = routes_.hops(root);
    for (std::size_t i = 0; i < hops.size(); ++i)
      if (hops[i].vertex == other) begin_ = i + 1;
  }

  // The i-th port; −1: there are not so many.
  int port(std::size_t i) {
    while (i >= ports_.size() && next_ < queue_.size()) visit(queue_[next_++]);
    return i < ports_.size() ? ports_[i] : -1;
  }

 private:
  void visit(int vertex) {
    if (routes_.pod().vertices[at(vertex)].kind == VertexKind::port) ports_.push_back(vertex);
    const auto hops = routes_.hops(vertex);
    for (std::size_t i = 0; i < hops.size(); ++i) {
      const int next = hops[(i + begin_) % hops.size()].vertex;
      if (seen_.first_time(next)) queue_.push_back(next);
    }
    begin_ = 0;
  }

  const Routes& routes_;
  Seen& seen_;
  std::vector<int> queue_, ports_;
  std::size_t next_ = 0, begin_ = 0;
};

class GroupMaker {
 public:
  explicit GroupMaker(const Pod& pod)
      : pod_(pod),
        routes_(pod),
        seen_from_(pod.vertices.size()),
        seen_to_(pod.vertices.size()),
        rail_of_(pod.vertices.size()) {
    for (const PodNode& node : pod.nodes)
      for (std::size_t rail = 0; rail < node.ports.size(); ++rail)
        rail_of_[at(node.ports[rail])] = static_cast<int>(rail);
    plan_.planned_bits_per_second = planned_loads(pod);
    plan_.reached_bits_per_second.assign(2 * pod.links.size(), 0);
  }

  LinkPlan make() {
    std::vector<Arc> left = directions();
    while (!left.empty()) {
      std::vector<Flow> group = group_for(left);
      if (!group.empty()) take_loads(group);
      const std::size_t before = left.size();
      const Arc first = left.front();
      std::erase_if(left, [&](Arc arc) { return exercised(plan_, arc); });
      if (!group.empty() && left.size() < before) plan_.groups.push_back(std::move(group));
      // What no group fills as planned keeps the most that was reached.
      else
        std::erase(left, first);
    }
    return std::move(plan_);
  }

 private:
  // Every direction that can carry something, uppermost tier first; a grid's by dimension and direction.
  [[nodiscard]] std::vector<Arc> directions() const {
    std::vector<Arc> arcs;
    for (const bool backwards : {false, true})
      for (std::size_t link = 0; link < pod_.links.size(); ++link)
        if (plan_.planned_bits_per_second[2 * link] > 0) arcs.push_back({static_cast<int>(link), backwards});
    const auto tier = [&](Arc arc) {
      return std::max(pod_.vertices[at(tail_of(pod_, arc))].tier, pod_.vertices[at(head_of(pod_, arc))].tier);
    };
    std::stable_sort(arcs.begin(), arcs.end(), [&](Arc a, Arc b) { return tier(a) > tier(b); });
    return arcs;
  }

  std::vector<Flow> group_for(const std::vector<Arc>& left) {
    sends_.assign(pod_.vertices.size(), false);
    receives_.assign(pod_.vertices.size(), false);
    loads_.assign(2 * pod_.links.size(), 0);
    flows_.clear();
    for (const Arc arc : left) {
      const bool first = arc == left.front();
      const Budget& budget = first ? first_budget : other_budget;
      fill(arc, budget, false);
      if (lacks(arc) && (first || loads_[index_of(arc)] > 0)) fill(arc, budget, true);
    }
    return std::move(flows_);
  }

  [[nodiscard]] bool lacks(Arc arc) const {
    return loads_[index_of(arc)] < plan_.planned_bits_per_second[index_of(arc)] * full;
  }

  void fill(Arc arc, const Budget& budget, bool may_ask_for_more) {
    const int tail = tail_of(pod_, arc), head = head_of(pod_, arc);
    NearestPorts senders(routes_, seen_from_, tail, head), receivers(routes_, seen_to_, head, tail);
    int tries = 0;
    for (std::size_t s = 0; lacks(arc) && s < budget.ports && tries < budget.routes; ++s) {
      const int from = senders.port(s);
      if (from < 0) return;
      if (sends_[at(from)]) continue;
      for (std::size_t r = 0; r < budget.ports && tries < budget.routes; ++r) {
        const int to = receivers.port(r);
        if (to < 0) break;
        if (receives_[at(to)] || pod_.vertices[at(to)].node == pod_.vertices[at(from)].node) continue;
        ++tries;
        if (add(from, to, arc, may_ask_for_more)) break;
      }
    }
  }

  // Adds the flow where it uses the arc and fits.
  bool add(int from, int to, Arc wanted, bool may_ask_for_more) {
    const auto loads = routes_.between(from, to);
    double rate = std::numeric_limits<double>::infinity();
    for (const ArcLoad& load : loads) rate = std::min(rate, rate_of(pod_, load.arc) / load.share);
    const auto fits = [&](const ArcLoad& load) {
      return loads_[index_of(load.arc)] + rate * load.share <= rate_of(pod_, load.arc) * not_over;
    };
    if (std::none_of(loads.begin(), loads.end(), [&](const ArcLoad& load) { return load.arc == wanted; }) ||
        (!may_ask_for_more && !std::all_of(loads.begin(), loads.end(), fits)))
      return false;
    for (const ArcLoad& load : loads) loads_[index_of(load.arc)] += rate * load.share;
    sends_[at(from)] = receives_[at(to)] = true;
    flows_.push_back(
        {pod_.vertices[at(from)].node, pod_.vertices[at(to)].node, rail_of_[at(from)], rail_of_[at(to)], 0});
    return true;
  }

  void take_loads(const std::vector<Flow>& group) {
    const std::vector<double> rates = fair_rates(routes_, group);
    std::vector<double> loads(2 * pod_.links.size());
    for (std::size_t f = 0; f < group.size(); ++f)
      for (const ArcLoad& load : routes_.of(group[f])) loads[index_of(load.arc)] += rates[f] * load.share;
    for (std::size_t a = 0; a < loads.size(); ++a)
      plan_.reached_bits_per_second[a] = std::max(plan_.reached_bits_per_second[a], loads[a]);
  }

  const Pod& pod_;
  Routes routes_;
  Seen seen_from_, seen_to_;
  std::vector<int> rail_of_;
  LinkPlan plan_;
  // Of the group that is being made.
  std::vector<bool> sends_, receives_;
  std::vector<double> loads_;
  std::vector<Flow> flows_;
};

}  // namespace

LinkPlan plan_links(const Pod& pod) {
  return GroupMaker(pod).make();
}

}  // namespace podbench
