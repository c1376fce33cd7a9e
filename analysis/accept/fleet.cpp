#include "analysis/accept/fleet.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/statistics.hpp"

namespace podbench::accept {
namespace {

// Four standard deviations: of a thousand healthy members with Gaussian noise one in thirty fleets has one
// beyond, and its launches must agree on it besides.
constexpr double far_in_spreads = 4;
// Quiet machines stay well below.
constexpr double noisy_scatter = 0.02;
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

FleetMember member_of(std::vector<int> nodes, std::span<const double> by_launch) {
  std::vector<double> logs, off;
  for (const double value : by_launch) logs.push_back(std::log(value));
  std::sort(logs.begin(), logs.end());
  const double middle = quantile(logs, 0.5);
  for (const double value : logs) off.push_back(std::abs(value - middle));
  return {std::move(nodes), middle, deviations_a_mad * lower_median(std::move(off))};
}

double Fleet::limit(double relative) const {
  return centre + std::max(std::log1p(relative), far_in_spreads * spread);
}

bool Fleet::doubts(double distance) const {
  return scatter > noisy_scatter && distance < far_in_spreads * scatter;
}

Fleet fleet_of(std::span<const FleetMember> members) {
  Fleet fleet;
  fleet.centre = of_the_better_half(members, [](const FleetMember& member) { return member.badness; });
  const double between = deviations_a_mad * of_the_better_half(members, [&](const FleetMember& member) {
                           return std::abs(member.badness - fleet.centre);
                         });
  fleet.scatter = of_the_better_half(members, [](const FleetMember& member) { return member.scatter; });
  fleet.spread = std::max(between, fleet.scatter);
  return fleet;
}

}  // namespace podbench::accept
