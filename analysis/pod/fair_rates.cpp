#include <algorithm>
#include <cassert>
#include <limits>
#include <queue>

#include "analysis/pod/routes.hpp"

namespace podbench {
namespace {

constexpr double all_of_it = 1 - 1e-9;  // of a flow, but for rounding
constexpr double infinite = std::numeric_limits<double>::infinity();

// Who uses an arc, and how full it is.
struct ArcState {
  double left = 0;    // of its rate, after the flows that are settled
  double active = 0;  // the shares of the others
  std::size_t users = 0;

  // The common rate of the others at which the arc is full.
  [[nodiscard]] double level() const { return active > 0 ? std::max(left, 0.0) / active : infinite; }
};

struct Use {
  std::size_t other;  // the flow of an arc's use, the arc of a flow's
  double share;
};

struct Filling {
  std::vector<ArcState> arcs;
  std::vector<std::size_t> first_of_flow, first_of_arc;
  std::vector<Use> by_flow, by_arc;
};

Filling prepare(Routes& routes, std::span<const Flow> flows, std::span<const double> arc_rates) {
  const Pod& pod = routes.pod();
  Filling filling;
  filling.arcs.resize(2 * pod.links.size());
  filling.first_of_flow.push_back(0);
  for (const Flow& flow : flows) {
    for (const ArcLoad& load : routes.of(flow)) {
      filling.by_flow.push_back({index_of(load.arc), load.share});
      ArcState& arc = filling.arcs[index_of(load.arc)];
      arc.active += load.share;
      ++arc.users;
    }
    filling.first_of_flow.push_back(filling.by_flow.size());
  }
  filling.first_of_arc.assign(filling.arcs.size() + 1, 0);
  for (std::size_t a = 0; a < filling.arcs.size(); ++a) {
    filling.arcs[a].left = arc_rates.empty() ? rate_of(pod, arc_of(a)) : arc_rates[a];
    filling.first_of_arc[a + 1] = filling.first_of_arc[a] + filling.arcs[a].users;
  }
  filling.by_arc.resize(filling.by_flow.size());
  std::vector<std::size_t> free(filling.first_of_arc.begin(), filling.first_of_arc.end() - 1);
  for (std::size_t f = 0; f < flows.size(); ++f)
    for (std::size_t u = filling.first_of_flow[f]; u < filling.first_of_flow[f + 1]; ++u)
      filling.by_arc[free[filling.by_flow[u].other]++] = {f, filling.by_flow[u].share};
  return filling;
}

}  // namespace

std::vector<double> fair_rates(Routes& routes, std::span<const Flow> flows,
                               std::span<const double> arc_rates) {
  assert(arc_rates.empty() || arc_rates.size() == 2 * routes.pod().links.size());
  Filling filling = prepare(routes, flows, arc_rates);
  std::vector<double> rates(flows.size(), infinite);
  // The arc that is full at the lowest level settles its flows there. Settling never lowers another arc's
  // level, so an entry of the queue that is out of date is only too low and goes back.
  using Entry = std::pair<double, std::size_t>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue;
  for (std::size_t a = 0; a < filling.arcs.size(); ++a)
    if (filling.arcs[a].users > 0) queue.emplace(filling.arcs[a].level(), a);
  while (!queue.empty()) {
    const auto [level, a] = queue.top();
    queue.pop();
    if (filling.arcs[a].users == 0) continue;
    if (const double now = filling.arcs[a].level(); now > level) {
      queue.emplace(now, a);
      continue;
    }
    for (std::size_t u = filling.first_of_arc[a]; u < filling.first_of_arc[a + 1]; ++u) {
      const std::size_t flow = filling.by_arc[u].other;
      if (rates[flow] != infinite) continue;
      rates[flow] = level;
      for (std::size_t w = filling.first_of_flow[flow]; w < filling.first_of_flow[flow + 1]; ++w) {
        ArcState& arc = filling.arcs[filling.by_flow[w].other];
        arc.left -= level * filling.by_flow[w].share;
        arc.active = --arc.users == 0 ? 0 : arc.active - filling.by_flow[w].share;
      }
    }
  }
  return rates;
}

std::vector<double> assured_rates(Routes& routes, std::span<const Flow> flows, std::vector<double> fair) {
  const Pod& pod = routes.pod();
  if (pod.spreading == Spreading::packets) return fair;
  std::vector<double> users(2 * pod.links.size());
  for (const Flow& flow : flows)
    for (const ArcLoad& load : routes.of(flow)) ++users[index_of(load.arc)];
  for (std::size_t f = 0; f < flows.size(); ++f) {
    const std::span<const ArcLoad> loads = routes.of(flows[f]);
    if (has_one_path(loads)) continue;
    for (const ArcLoad& load : loads)
      fair[f] = std::min(fair[f], rate_of(pod, load.arc) / users[index_of(load.arc)]);
  }
  return fair;
}

bool has_one_path(std::span<const ArcLoad> loads) {
  return std::all_of(loads.begin(), loads.end(), [](const ArcLoad& load) { return load.share > all_of_it; });
}

double alone_rate(Routes& routes, const Flow& flow) {
  double rate = infinite;
  for (const ArcLoad& load : routes.of(flow))
    rate = std::min(rate, rate_of(routes.pod(), load.arc) / load.share);
  return rate;
}

double least_seconds(Routes& routes, std::span<const Flow> flows) {
  std::vector<double> bits(2 * routes.pod().links.size());
  for (const Flow& flow : flows)
    for (const ArcLoad& load : routes.of(flow)) bits[index_of(load.arc)] += 8 * flow.bytes * load.share;
  double seconds = 0;
  for (std::size_t a = 0; a < bits.size(); ++a)
    seconds = std::max(seconds, bits[a] / rate_of(routes.pod(), arc_of(a)));
  return seconds;
}

double least_seconds(const Pod& pod, std::span<const Flow> flows) {
  Routes routes(pod);
  return least_seconds(routes, flows);
}

}  // namespace podbench
