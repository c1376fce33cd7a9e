#include "analysis/pod/suspects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace podbench {
namespace {

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

// Collects what one flow meets. Arcs into and out of a suspect are counted apart: a path that enters and
// leaves it meets it once.
class Met {
 public:
  void add(Suspect suspect, bool entering, double share, const Crowding& crowding) {
    const auto [place, fresh] = met_.try_emplace(suspect, Sums{0, 0, {crowding, crowding}});
    (entering ? place->second.entering : place->second.leaving) += share;
    Notice& notice = place->second.notice;
    if (crowding.headroom() < notice.headroom()) notice.first = crowding;
    if (crowding.crowd > notice.fullest.crowd) notice.fullest = crowding;
  }

  [[nodiscard]] std::vector<Exposure> exposures() const {
    std::vector<Exposure> all;
    all.reserve(met_.size());
    for (const auto& [suspect, sums] : met_)
      all.push_back({suspect, std::min(1.0, std::max(sums.entering, sums.leaving)), sums.notice});
    return all;
  }

 private:
  struct Sums {
    double entering, leaving;
    Notice notice;
  };
  std::map<Suspect, Sums> met_;
};

void add_port(Met& met, int port, bool entering, double share, const Crowding& crowding) {
  met.add({SuspectKind::port, entering ? Way::in : Way::out, port}, entering, share, crowding);
  met.add({SuspectKind::port, Way::both, port}, entering, share, crowding);
}

void add_uplinks(Met& met, int lower, bool upwards, double share, const Crowding& crowding) {
  met.add({SuspectKind::uplinks, upwards ? Way::out : Way::in, lower}, !upwards, share, crowding);
  met.add({SuspectKind::uplinks, Way::both, lower}, !upwards, share, crowding);
}

std::string_view way_of_node(Way way) {
  return way == Way::both ? "" : way == Way::out ? ", sending" : ", receiving";
}

}  // namespace

SuspectCatalogue::SuspectCatalogue(const Pod& pod) : pod_(pod), tile_of_(pod.vertices.size(), -1) {
  for (const PodGrid& grid : pod.grids) {
    if (grid.tile.empty()) continue;
    for (std::size_t p = 0; p < grid.ports.size(); ++p) {
      // The position of the tile's first port.
      int rest = static_cast<int>(p), stride = 1, first = 0;
      for (std::size_t d = grid.extents.size(); d-- > 0; rest /= grid.extents[d], stride *= grid.extents[d])
        first += rest % grid.extents[d] / grid.tile[d] * grid.tile[d] * stride;
      tile_of_[at(grid.ports[p])] = grid.ports[at(first)];
    }
  }
}

double Crowding::headroom() const {
  return std::max(0.0, -std::log(static_cast<double>(kept) + static_cast<double>(wanted)));
}

double Crowding::excess(double theta) const {
  if (theta <= headroom()) return 0;
  const double left = std::exp(-theta) - static_cast<double>(kept);
  const double among_all = theta + std::log(static_cast<double>(crowd));
  return std::max(0.0,
                  left > 0 ? std::min(std::log(static_cast<double>(wanted) / left), among_all) : among_all);
}

SetLoads::SetLoads(Routes& routes, std::span<const Flow> flows, std::span<const double> bits_per_second)
    : first_(2 * routes.pod().links.size() + 1) {
  for (const Flow& flow : flows)
    for (const ArcLoad& load : routes.of(flow)) ++first_[index_of(load.arc) + 1];
  for (std::size_t a = 1; a < first_.size(); ++a) first_[a] += first_[a - 1];
  users_.resize(first_.back());
  std::vector<std::size_t> free(first_.begin(), first_.end() - 1);
  for (std::size_t f = 0; f < flows.size(); ++f)
    for (const ArcLoad& load : routes.of(flows[f]))
      users_[free[index_of(load.arc)]++] = {bits_per_second[f], load.share};
}

Crowding SetLoads::crowding(const Pod& pod, const ArcLoad& load, double bits_per_second) const {
  double kept = 0, wanted = 0, crowd = 0;
  for (std::size_t u = first_[index_of(load.arc)]; u < first_[index_of(load.arc) + 1]; ++u) {
    crowd += bits_per_second * users_[u].share;
    (users_[u].rate < bits_per_second * (1 - 1e-6) ? kept : wanted) +=
        std::min(users_[u].rate, bits_per_second) * users_[u].share;
  }
  // Where a flow keeps to one path, all of it is on every arc that it meets.
  if (pod.spreading == Spreading::flows) crowd = wanted = std::max(bits_per_second, kept + wanted), kept = 0;
  const double rate = rate_of(pod, load.arc);
  return {static_cast<float>(kept / rate), static_cast<float>(wanted / rate),
          static_cast<float>(crowd / rate)};
}

std::vector<Exposure> SuspectCatalogue::met_by(Routes& routes, const Flow& flow, double bits_per_second,
                                               const SetLoads& loads) const {
  Met met;
  const int from = port_of(pod_, flow.from_node, flow.from_rail),
            to = port_of(pod_, flow.to_node, flow.to_rail);
  Crowding first{0, 0, 0}, last = first;  // nothing would be noticed
  for (const ArcLoad& load : routes.between(from, to)) {
    const Crowding crowding = loads.crowding(pod_, load, bits_per_second);
    const double share = pod_.spreading == Spreading::packets ? 1 : load.share;
    const int tail = tail_of(pod_, load.arc), head = head_of(pod_, load.arc);
    met.add({SuspectKind::cable, load.arc.backwards ? Way::in : Way::out, load.arc.link}, false, share,
            crowding);
    met.add({SuspectKind::cable, Way::both, load.arc.link}, false, share, crowding);
    for (const auto& [vertex, entering] : {std::pair(tail, false), std::pair(head, true)}) {
      if (pod_.vertices[at(vertex)].kind == VertexKind::port)
        add_port(met, vertex, entering, share, crowding);
      else
        met.add({SuspectKind::network_switch, Way::both, vertex}, entering, share, crowding);
      if (tile_of_[at(vertex)] >= 0)
        met.add({SuspectKind::tile, Way::both, tile_of_[at(vertex)]}, entering, share, crowding);
    }
    const int tail_tier = pod_.vertices[at(tail)].tier, head_tier = pod_.vertices[at(head)].tier;
    if (std::min(tail_tier, head_tier) > 0 && tail_tier != head_tier)
      add_uplinks(met, tail_tier < head_tier ? tail : head, tail_tier < head_tier, share, crowding);
    if (tail == from && crowding.headroom() < first.headroom()) first = crowding;
    if (head == to && crowding.headroom() < last.headroom()) last = crowding;
  }
  for (const auto& [node, entering, crowding] :
       {std::tuple(flow.from_node, false, first), std::tuple(flow.to_node, true, last)}) {
    met.add({SuspectKind::node, entering ? Way::in : Way::out, node}, entering, 1, crowding);
    met.add({SuspectKind::node, Way::both, node}, entering, 1, crowding);
    if (pod_.nodes[at(node)].rack >= 0)
      met.add({SuspectKind::rack, Way::both, pod_.nodes[at(node)].rack}, entering, 1, crowding);
  }
  return met.exposures();
}

std::string name_of(const Pod& pod, const Suspect& suspect) {
  const auto vertex = [&](int index) -> const std::string& { return pod.vertices[at(index)].name; };
  switch (suspect.kind) {
    case SuspectKind::rack:
      return fmt::format("rack {}", pod.racks[at(suspect.index)].name);
    case SuspectKind::tile:
      return fmt::format("the tile of {}", vertex(suspect.index));
    case SuspectKind::node:
      return fmt::format("node {}{}", pod.nodes[at(suspect.index)].name, way_of_node(suspect.way));
    case SuspectKind::network_switch:
      return vertex(suspect.index);
    case SuspectKind::uplinks:
      return fmt::format("uplinks of {}{}", vertex(suspect.index),
                         suspect.way == Way::both  ? ""
                         : suspect.way == Way::out ? ", upwards"
                                                   : ", downwards");
    case SuspectKind::port:
      return fmt::format("NIC {}{}", vertex(suspect.index), way_of_node(suspect.way));
    case SuspectKind::cable:
      break;
  }
  const std::string cable = fmt::format("cable {}", name_of_link(pod, suspect.index));
  if (suspect.way == Way::both) return cable;
  const Arc arc{suspect.index, suspect.way == Way::in};
  return fmt::format("{}, from {} to {}", cable, vertex(tail_of(pod, arc)), vertex(head_of(pod, arc)));
}

}  // namespace podbench
