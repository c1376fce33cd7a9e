#include "analysis/accept/fleet.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace podbench::accept {
namespace {

// Four standard deviations: of a thousand healthy members with Gaussian noise one in thirty fleets has one
// beyond, and its launches must agree on it besides.
constexpr double far_in_spreads = 4;
constexpr double deviations_a_mad = 1.4826;

double lower_median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

template <typename Value>
double of_the_better_half(std::span<const FleetMember> members, Value value) {
  std::map<int, std::vector<double>> by_node;
  for (const FleetMember& member : members)
    for (const int node : member.nodes) by_node[node].push_back(value(member));
  std::vector<double> nodes;
  for (auto& [node, values] : by_node) nodes.push_back(lower_median(std::move(values)));
  return lower_median(std::move(nodes));
}

}  // namespace

double Fleet::limit(double relative) const {
  return centre + std::max(std::log1p(relative), far_in_spreads * spread);
}

Fleet fleet_of(std::span<const FleetMember> members) {
  Fleet fleet;
  fleet.centre = of_the_better_half(members, [](const FleetMember& member) { return member.badness; });
  fleet.spread = deviations_a_mad * of_the_better_half(members, [&](const FleetMember& member) {
                   return std::abs(member.badness - fleet.centre);
                 });
  return fleet;
}

}  // namespace podbench::accept
