#include "analysis/pod/test/simulation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "analysis/pod/apart_sets.hpp"
#include "analysis/pod/link_groups.hpp"
#include "analysis/pod/tournament.hpp"

namespace podbench::sample {
namespace {

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

// The vertices of a suspect that is made of vertices.
std::vector<int> vertices_of(const Pod& pod, const Suspect& suspect) {
  if (suspect.kind == SuspectKind::port || suspect.kind == SuspectKind::network_switch)
    return {suspect.index};
  if (suspect.kind == SuspectKind::node) return pod.nodes[at(suspect.index)].ports;
  std::vector<int> vertices;
  if (suspect.kind == SuspectKind::rack)
    for (const PodNode& node : pod.nodes)
      if (node.rack == suspect.index) vertices.insert(vertices.end(), node.ports.begin(), node.ports.end());
  if (suspect.kind == SuspectKind::tile)
    for (const PodGrid& grid : pod.grids) {
      const auto tile_of = [&](std::size_t position) {
        std::vector<int> tile;
        for (std::size_t d = grid.extents.size(); d-- > 0;
             position /= static_cast<std::size_t>(grid.extents[d]))
          tile.push_back(static_cast<int>(position % static_cast<std::size_t>(grid.extents[d])) /
                         grid.tile[d]);
        return tile;
      };
      const auto first = std::find(grid.ports.begin(), grid.ports.end(), suspect.index) - grid.ports.begin();
      for (std::size_t p = 0; p < grid.ports.size(); ++p)
        if (tile_of(p) == tile_of(static_cast<std::size_t>(first))) vertices.push_back(grid.ports[p]);
    }
  return vertices;
}

std::vector<Arc> one_path(Routes& routes, const Flow& flow, std::size_t k) {
  const Pod& pod = routes.pod();
  const std::span<const ArcLoad> loads = routes.of(flow);
  std::vector<Arc> path;
  const int end = port_of(pod, flow.to_node, flow.to_rail);
  for (int place = port_of(pod, flow.from_node, flow.from_rail); place != end;) {
    std::vector<Arc> ways;
    for (const ArcLoad& load : loads)
      if (tail_of(pod, load.arc) == place) ways.push_back(load.arc);
    path.push_back(ways[k % ways.size()]);
    place = head_of(pod, path.back());
  }
  return path;
}

bool between_switches(const Pod& pod, Arc arc) {
  return pod.vertices[at(tail_of(pod, arc))].tier > 0 && pod.vertices[at(head_of(pod, arc))].tier > 0;
}

}  // namespace

std::vector<Arc> arcs_of(const Pod& pod, const Suspect& suspect) {
  std::vector<Arc> arcs;
  const std::vector<int> vertices = vertices_of(pod, suspect);
  const auto among = [&](int vertex) {
    return std::find(vertices.begin(), vertices.end(), vertex) != vertices.end();
  };
  for (std::size_t a = 0; a < 2 * pod.links.size(); ++a) {
    const Arc arc = arc_of(a);
    bool out = among(tail_of(pod, arc)), in = among(head_of(pod, arc));
    if (suspect.kind == SuspectKind::cable) {
      out = arc.link == suspect.index && !arc.backwards;
      in = arc.link == suspect.index && arc.backwards;
    } else if (suspect.kind == SuspectKind::uplinks) {
      const auto higher = [&](int vertex) {
        return pod.vertices[at(vertex)].tier > pod.vertices[at(suspect.index)].tier;
      };
      out = between_switches(pod, arc) && tail_of(pod, arc) == suspect.index && higher(head_of(pod, arc));
      in = between_switches(pod, arc) && head_of(pod, arc) == suspect.index && higher(tail_of(pod, arc));
    }
    if ((out && suspect.way != Way::in) || (in && suspect.way != Way::out)) arcs.push_back(arc);
  }
  return arcs;
}

std::vector<double> rates_with(const Pod& pod, const std::vector<Fault>& faults) {
  std::vector<double> rates(2 * pod.links.size());
  for (std::size_t a = 0; a < rates.size(); ++a) rates[a] = rate_of(pod, arc_of(a));
  const std::vector<double> planned = planned_loads(pod);
  for (const Fault& fault : faults) {
    const std::vector<Arc> arcs = arcs_of(pod, fault.suspect);
    double most = 0;  // the share of its rate that the fullest of its links is planned at
    for (const Arc arc : arcs) most = std::max(most, planned[index_of(arc)] / rate_of(pod, arc));
    for (const Arc arc : arcs)
      rates[index_of(arc)] = std::min(rates[index_of(arc)], fault.left * most * rate_of(pod, arc));
  }
  return rates;
}

std::vector<double> rates_on_one_path(const Pod& pod, const std::vector<Flow>& flows,
                                      const std::vector<std::size_t>& k,
                                      const std::vector<double>& arc_rates) {
  Routes routes(pod);
  std::vector<std::vector<Arc>> paths;
  std::vector<double> users(arc_rates.size());
  for (std::size_t f = 0; f < flows.size(); ++f) {
    paths.push_back(one_path(routes, flows[f], k[f]));
    for (const Arc arc : paths.back()) ++users[index_of(arc)];
  }
  std::vector<double> rates;
  for (const std::vector<Arc>& path : paths) {
    double& rate = rates.emplace_back(std::numeric_limits<double>::infinity());
    for (const Arc arc : path) rate = std::min(rate, arc_rates[index_of(arc)] / users[index_of(arc)]);
  }
  return rates;
}

std::vector<Arc> arcs_met(Routes& routes, const Flow& flow) {
  if (routes.pod().spreading == Spreading::flows) return one_path(routes, flow, at(flow.to_node));
  std::vector<Arc> arcs;
  for (const ArcLoad& load : routes.of(flow)) arcs.push_back(load.arc);
  return arcs;
}

std::vector<double> real_rates(const Pod& pod, const std::vector<Flow>& flows,
                               const std::vector<double>& arc_rates) {
  if (pod.spreading == Spreading::packets) {
    Routes routes(pod);
    return fair_rates(routes, flows, arc_rates);
  }
  std::vector<std::size_t> receivers;
  for (const Flow& flow : flows) receivers.push_back(at(flow.to_node));
  return rates_on_one_path(pod, flows, receivers, arc_rates);
}

std::vector<std::vector<Flow>> acceptance_flows(const Pod& pod) {
  std::vector<std::vector<Flow>> sets;
  std::size_t rails = 0;
  for (const PodNode& node : pod.nodes) rails = std::max(rails, node.ports.size());
  const Tournament tournament(static_cast<int>(pod.nodes.size()));
  for (int round = 0; round < tournament.rounds(); ++round)
    for (const bool back : {false, true}) {
      std::vector<Flow> set;
      for (const auto& [a, b] : tournament.pairs(round))
        for (int rail = 0; rail < static_cast<int>(rails); ++rail)
          set.push_back(back ? Flow{b, a, rail, rail, 0} : Flow{a, b, rail, rail, 0});
      sets.push_back(std::move(set));
    }
  const auto groups = plan_links(pod).groups, apart = plan_apart(pod, groups);
  sets.insert(sets.end(), groups.begin(), groups.end());
  sets.insert(sets.end(), apart.begin(), apart.end());
  return sets;
}

double normal(Random& random) {
  return std::sqrt(-2 * std::log(1 - random.unit())) * std::cos(2 * std::numbers::pi * random.unit());
}

std::vector<FlowSet> measure(const Pod& pod, const std::vector<std::vector<Flow>>& sets,
                             const std::vector<Fault>& faults, const Noise& noise, Random& random) {
  Routes routes(pod);
  const std::vector<double> rates = rates_with(pod, faults);
  std::vector<FlowSet> measured;
  for (const std::vector<Flow>& set : sets) {
    const std::vector<double> expected = fair_rates(routes, set), real = fair_rates(routes, set, rates);
    FlowSet& out = measured.emplace_back();
    for (std::size_t f = 0; f < set.size(); ++f) {
      double reached = real[f] * noise.efficiency * std::exp(noise.sd * normal(random));
      if (random.unit() < noise.spikes) reached *= 1 - noise.spike_most * random.unit();
      out.flows.push_back({set[f], expected[f], reached, 0.01});
    }
  }
  return measured;
}

Suspect draw_suspect(const Pod& pod, Random& random) {
  const auto some = [&](std::size_t count) { return static_cast<int>(random.below(count)); };
  const auto way = [&] { return static_cast<Way>(random.below(3)); };
  std::vector<int> switches, lower;
  for (std::size_t v = 0; v < pod.vertices.size(); ++v)
    if (pod.vertices[v].tier > 0) switches.push_back(static_cast<int>(v));
  for (const PodLink& link : pod.links) {
    const int a = pod.vertices[at(link.a)].tier, b = pod.vertices[at(link.b)].tier;
    if (std::min(a, b) > 0 && a != b) lower.push_back(a < b ? link.a : link.b);
  }
  const bool tiles = !pod.grids.empty() && !pod.grids.front().tile.empty();
  while (true) {
    switch (random.below(6)) {
      case 0:
        // A die of a grid forwards: its faults are those of its edges.
        if (pod.grids.empty()) return {SuspectKind::node, way(), some(pod.nodes.size())};
        break;
      case 1:
        if (switches.size() > 1)
          return {SuspectKind::network_switch, Way::both, switches[at(some(switches.size()))]};
        break;
      case 2:
        if (!lower.empty()) return {SuspectKind::uplinks, way(), lower[at(some(lower.size()))]};
        break;
      case 3: {
        const PodNode& node = pod.nodes[at(some(pod.nodes.size()))];
        return {SuspectKind::port, way(), node.ports[at(some(node.ports.size()))]};
      }
      case 4:
        return {SuspectKind::cable, way(), some(pod.links.size())};
      default:
        if (tiles) {
          const auto& ports = pod.grids.front().ports;
          // The first port of a tile stands for it; node order is tile by tile.
          const auto size = static_cast<std::size_t>(pod.grids.front().tile[0] * pod.grids.front().tile[1]);
          return {SuspectKind::tile, Way::both, pod.nodes[random.below(ports.size() / size) * size].ports[0]};
        }
    }
  }
}

}  // namespace podbench::sample
