#include "analysis/accept/test/simulated_pods.hpp"

#include <algorithm>

#include "analysis/pod/apart_sets.hpp"
#include "analysis/pod/link_groups.hpp"

namespace podbench::accept::sample {
namespace {

namespace pod_sample = podbench::sample;

// Flows slower than this share miss share_of_rate at the efficiencies that are drawn.
constexpr double noticeable = 0.88;

Pod with_limits(Pod pod) {
  pod.limits.share_of_ceiling = 0.5;
  pod.limits.impact_p99 = 4;
  pod.limits.latency_s = 50e-6;
  return pod;
}

// Some flow of pairs or links is slower by more than the limits allow.
bool visible(const Pod& pod, const pod_sample::Fault& fault) {
  Routes routes(pod);
  const std::vector<double> rates = pod_sample::rates_with(pod, {fault});
  std::size_t slower = 0, all = 0;
  for (const auto& set : pod_sample::acceptance_flows(pod)) {
    const auto expected = assured_rates(routes, set, fair_rates(routes, set)),
               real = pod_sample::real_rates(pod, set, rates);
    for (std::size_t f = 0; f < set.size(); ++f, ++all)
      slower += real[f] < expected[f] * noticeable ? 1u : 0u;
  }
  return slower >= 2 && slower < all;
}

// Where paths are drawn anew: on some path a flow is slow, even alone.
bool visible_on_some_path(const Pod& pod, const pod_sample::Fault& fault) {
  const std::vector<double> healthy = pod_sample::rates_with(pod, {}),
                            slow = pod_sample::rates_with(pod, {fault});
  for (const auto& set : plan_apart(pod, plan_links(pod).groups))
    for (const Flow& flow : set)
      for (std::size_t path = 0; path < pod.vertices.size(); ++path) {
        const auto rate = [&](const std::vector<double>& arcs) {
          return pod_sample::rates_on_one_path(pod, {flow}, {path}, arcs).front();
        };
        if (rate(slow) < noticeable * rate(healthy)) return true;
      }
  return false;
}

}  // namespace

DrawnPod draw_pod(Random& random) {
  const auto from = [&](int least, int most) {
    return least + static_cast<int>(random.below(static_cast<std::uint64_t>(most - least + 1)));
  };
  switch (random.below(8)) {
    case 0:
      return {"leaf-spine", with_limits(pod_sample::leaf_spine(from(4, 16), from(2, 8), from(1, 3),
                                                               "100 Gbit/s", "200 Gbit/s"))};
    case 1:
      return {"oversubscribed",
              with_limits(pod_sample::leaf_spine(from(8, 16), 4, 1, "200 Gbit/s", "400 Gbit/s"))};
    case 2: {
      // Uplinks for one port or for two.
      Pod pod = with_limits(pod_sample::leaf_spine(from(8, 16), from(2, 4), from(2, 4), "100 Gbit/s",
                                                   random.below(2) == 0 ? "100 Gbit/s" : "200 Gbit/s"));
      pod.spreading = Spreading::flows;
      return {"hashed", std::move(pod)};
    }
    case 3: {
      Pod pod =
          with_limits(pod_sample::leaf_spine(4 * from(3, 4), 4, from(2, 4), "100 Gbit/s", "100 Gbit/s"));
      pod.spreading = Spreading::flows;
      return {"hashed anew", std::move(pod), true};
    }
    case 4:
      return {"rails", with_limits(pod_sample::rails(from(4, 6), 2, from(2, 6), from(1, 2)))};
    case 5:
      return {"crossbar", with_limits(pod_sample::crossbar(from(4, 12), 1, from(1, 3)))};
    case 6:
      return {"mesh", with_limits(pod_sample::grid("mesh", {from(3, 4), from(3, 4)}))};
    default:
      return {"torus", with_limits(pod_sample::grid("torus", {from(3, 4), from(3, 4)}))};
  }
}

Scenario draw_scenario(const DrawnPod& drawn, double most_noise, Random& random) {
  const Pod& pod = drawn.pod;
  Scenario scenario;
  scenario.redraws = drawn.redraws;
  scenario.seed = random.next();
  scenario.noise = most_noise * (0.2 + 0.8 * random.unit());
  scenario.efficiency = 0.94 + 0.05 * random.unit();
  if (random.below(4) == 0) return scenario;
  Planted planted;
  constexpr FaultKind kinds[] = {FaultKind::link,    FaultKind::link, FaultKind::link, FaultKind::slow_cpu,
                                 FaultKind::drop,    FaultKind::flap, FaultKind::mtu,  FaultKind::nic_rate,
                                 FaultKind::corrupt, FaultKind::dead, FaultKind::hang};
  planted.kind = kinds[random.below(std::size(kinds))];
  planted.node = static_cast<int>(random.below(pod.nodes.size()));
  planted.link = static_cast<int>(random.below(pod.links.size()));
  constexpr Stage dying[] = {Stage::node, Stage::pairs, Stage::links, Stage::scale, Stage::congestion};
  planted.at = dying[random.below(std::size(dying))];
  if (drawn.redraws) planted.kind = FaultKind::link;
  if (planted.kind == FaultKind::link) do
      planted.slow = {pod_sample::draw_suspect(pod, random), 0.3 + 0.5 * random.unit()};
    while (!(drawn.redraws ? visible_on_some_path : visible)(pod, planted.slow));
  scenario.faults.push_back(planted);
  return scenario;
}

}  // namespace podbench::accept::sample
