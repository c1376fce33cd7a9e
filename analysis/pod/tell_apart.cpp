// Which further measurement tells two suspects apart.
#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/pod/blame_columns.hpp"

namespace podbench {
namespace {

constexpr std::size_t most_ends = 48, most_partners = 48;

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

// Ends (node, rail) of the flows that meet either suspect, those of small pieces first.
std::vector<std::pair<int, int>> ends_near(Routes& routes, const SuspectCatalogue& catalogue,
                                           const Theory& one, const Theory& other,
                                           std::span<const MeasuredFlow* const> measurements) {
  std::set<std::pair<int, int>> seen;
  std::vector<std::pair<int, int>> ends;
  for (const MeasuredFlow* measured : measurements) {
    if (ends.size() >= most_ends) break;
    const Flow& flow = measured->flow;
    const double one_bit = 1;
    for (const Exposure& met :
         catalogue.met_by(routes, flow, 1, SetLoads(routes, {&flow, 1}, {&one_bit, 1}))) {
      if (met.suspect != one.suspect && met.suspect != other.suspect) continue;
      for (const auto& end :
           {std::pair(flow.from_node, flow.from_rail), std::pair(flow.to_node, flow.to_rail)})
        if (seen.insert(end).second) ends.push_back(end);
      break;
    }
  }
  return ends;
}

// By how much the flow alone would be slower through the one than through the other.
double difference(Routes& routes, const SuspectCatalogue& catalogue, const Flow& flow, const Theory& one,
                  const Theory& other, BlamedQuantity quantity) {
  const double rate = alone_rate(routes, flow);
  if (!std::isfinite(rate)) return 0;
  double slower = 0, slower_other = 0;
  const auto slowed = [&](const Exposure& met, double effect) {
    return met.share * (quantity == BlamedQuantity::latency ? effect : met.notice.excess(effect));
  };
  for (const Exposure& met : catalogue.met_by(routes, flow, rate, SetLoads(routes, {&flow, 1}, {&rate, 1}))) {
    if (met.suspect == one.suspect) slower = slowed(met, one.effect);
    if (met.suspect == other.suspect) slower_other = slowed(met, other.effect);
  }
  return std::abs(slower - slower_other);
}

}  // namespace

std::optional<Flow> telling_flow(Routes& routes, const SuspectCatalogue& catalogue, const Theory& one,
                                 const Theory& other, BlamedQuantity quantity,
                                 std::span<const MeasuredFlow* const> measurements,
                                 const std::vector<bool>& good_node) {
  std::vector<int> partners;
  for (std::size_t node = 0; node < good_node.size() && partners.size() < most_partners; ++node)
    if (good_node[node]) partners.push_back(static_cast<int>(node));
  std::optional<Flow> best;
  double most = std::min(one.effect, other.effect) / 4;
  for (const auto& [node, rail] : ends_near(routes, catalogue, one, other, measurements))
    for (const int partner : partners) {
      if (partner == node) continue;
      const int partner_rail = rail % static_cast<int>(routes.pod().nodes[at(partner)].ports.size());
      for (const Flow& flow :
           {Flow{node, partner, rail, partner_rail, 0}, Flow{partner, node, partner_rail, rail, 0}})
        if (const double apart = difference(routes, catalogue, flow, one, other, quantity);
            apart > most * 1.001) {
          most = apart;
          best = flow;
        }
    }
  return best;
}

}  // namespace podbench
