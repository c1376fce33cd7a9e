#include <algorithm>
#include <limits>
#include <numeric>

#include "analysis/pod/link_groups.hpp"

namespace podbench {
namespace {

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

class Planner {
 public:
  explicit Planner(const Pod& pod)
      : pod_(pod), routes_(pod), supply_(pod.vertices.size()), up_(pod.links.size()) {
    std::vector<int> order(pod.vertices.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return tier(a) < tier(b); });
    for (const int vertex : order) send_up(vertex);
  }

  [[nodiscard]] double planned(int link) const {
    const PodLink& of = pod_.links[at(link)];
    const double rate = of.rate_bits_per_second;
    if (tier(of.a) == tier(of.b))
      return tier(of.a) == 0
                 ? rate
                 : std::min({rate, supply_[at(of.a)] / parallel(of), supply_[at(of.b)] / parallel(of)});
    const int upper = tier(of.a) > tier(of.b) ? of.a : of.b;
    const int lower = upper == of.a ? of.b : of.a;
    return std::min(up_[at(link)], passed_on(upper, lower));
  }

 private:
  [[nodiscard]] int tier(int vertex) const { return pod_.vertices[at(vertex)].tier; }

  // What `vertex` got from below, spread evenly over its links upwards.
  void send_up(int vertex) {
    double slowest = std::numeric_limits<double>::infinity();
    std::size_t ways = 0;
    for (const Routes::Hop& hop : routes_.hops(vertex)) {
      if (tier(hop.vertex) <= tier(vertex)) continue;
      ++ways;
      slowest = std::min(slowest, rate_of(pod_, hop.arc));
    }
    if (ways == 0) return;
    const bool port = pod_.vertices[at(vertex)].kind == VertexKind::port;
    const double each = port ? slowest : std::min(slowest, supply_[at(vertex)] / static_cast<double>(ways));
    for (const Routes::Hop& hop : routes_.hops(vertex)) {
      if (tier(hop.vertex) <= tier(vertex)) continue;
      up_[at(hop.arc.link)] = each;
      supply_[at(hop.vertex)] += each;
    }
  }

  // What `vertex` can pass on of what comes from `from`.
  [[nodiscard]] double passed_on(int vertex, int from) const {
    double most = 0;
    for (const Routes::Hop& hop : routes_.hops(vertex))
      if (hop.vertex != from)
        most += tier(hop.vertex) == tier(vertex) ? rate_of(pod_, hop.arc) : up_[at(hop.arc.link)];
    return most;
  }

  [[nodiscard]] double parallel(const PodLink& link) const {
    const auto hops = routes_.hops(link.a);
    return static_cast<double>(std::count_if(hops.begin(), hops.end(),
                                             [&](const Routes::Hop& hop) { return hop.vertex == link.b; }));
  }

  const Pod& pod_;
  Routes routes_;
  std::vector<double> supply_;  // from below, by vertex
  std::vector<double> up_;      // by link
};

}  // namespace

std::vector<double> planned_loads(const Pod& pod) {
  const Planner planner(pod);
  std::vector<double> loads(2 * pod.links.size());
  for (std::size_t link = 0; link < pod.links.size(); ++link)
    loads[2 * link] = loads[2 * link + 1] = planner.planned(static_cast<int>(link));
  return loads;
}

bool exercised(const LinkPlan& plan, Arc arc) {
  const double planned = plan.planned_bits_per_second[index_of(arc)];
  return planned > 0 && plan.reached_bits_per_second[index_of(arc)] >= planned * (1 - 1e-9);
}

}  // namespace podbench
