#include "analysis/accept/test/simulated_pods.hpp"

#include <algorithm>

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

}  // namespace

std::pair<std::string, Pod> draw_pod(Random& random) {
  const auto from = [&](int least, int most) {
    return least + static_cast<int>(random.below(static_cast<std::uint64_t>(most - least + 1)));
  };
  switch (random.below(7)) {
    case 0:
      return {"leaf-spine", with_limits(pod_sample::leaf_spine(from(4, 16), from(2, 8), from(1, 3),
                                                               "100 Gbit/s", "200 Gbit/s"))};
    case 1:
      return {"oversubscribed",
              with_limits(pod_sample::leaf_spine(from(8, 16), 4, 1, "200 Gbit/s", "400 Gbit/s"))};
    case 2: {
      Pod pod = with_limits(pod_sample::leaf_spine(from(8, 16), from(2, 4), from(2, 3)));
      pod.spreading = Spreading::flows;
      return {"hashed", std::move(pod)};
    }
    case 3:
      return {"rails", with_limits(pod_sample::rails(from(4, 6), 2, from(2, 6), from(1, 2)))};
    case 4:
      return {"crossbar", with_limits(pod_sample::crossbar(from(4, 12), 1, from(1, 3)))};
    case 5:
      return {"mesh", with_limits(pod_sample::grid("mesh", {from(3, 4), from(3, 4)}))};
    default:
      return {"torus", with_limits(pod_sample::grid("torus", {from(3, 4), from(3, 4)}))};
  }
}

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

Scenario draw_scenario(const Pod& pod, double most_noise, Random& random) {
  Scenario scenario;
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
  if (planted.kind == FaultKind::link) do
      planted.slow = {pod_sample::draw_suspect(pod, random), 0.3 + 0.5 * random.unit()};
    while (!visible(pod, planted.slow));
  scenario.faults.push_back(planted);
  return scenario;
}

}  // namespace podbench::accept::sample
