#include "analysis/compare/comparison.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/names.hpp"

namespace podbench::compare {
namespace {

constexpr std::array<Metric, 2> all_metrics = {{
    {"p50", "median", &LaunchValue::p50_ns},
    {"p99", "99th percentile", &LaunchValue::p99_ns},
}};

Family family_of(const Matching& matching, const Metric& metric, const DecisionRules& rules) {
  std::vector<Sides> sides;
  for (const MatchedCase& matched : matching.cases) sides.push_back(sides_of(matched, metric));
  Family family{&metric, decide(sides, rules), {}, {}};
  family.mean = geometric_mean(matching, family.decisions, metric.value);
  family.crossovers = crossovers(matching, family.decisions);
  return family;
}

}  // namespace

std::span<const Metric> metrics() {
  return all_metrics;
}

const Metric& find_metric(std::string_view name) {
  const auto found = std::find_if(all_metrics.begin(), all_metrics.end(),
                                  [name](const Metric& metric) { return metric.name == name; });
  if (found != all_metrics.end()) return *found;
  std::vector<std::string> known;
  for (const Metric& metric : all_metrics) known.emplace_back(metric.name);
  throw RequestError(unknown_name("metric", name, known));
}

Sides sides_of(const MatchedCase& matched, const Metric& metric) {
  Sides sides;
  for (const LaunchValue& launch : matched.base) sides.base.push_back(launch.*metric.value);
  for (const LaunchValue& launch : matched.next) sides.next.push_back(launch.*metric.value);
  return sides;
}

Comparison compare(const Side& base, const Side& next, const Selection& selection,
                   const std::vector<const Metric*>& metrics, const DecisionRules& rules) {
  Comparison result;
  result.base = base.environments;
  result.next = next.environments;
  result.environment = environment_differences(base.environments, next.environments);
  for (const Side* side : {&base, &next})
    for (Drift& drift : drifts(side->runs)) result.drifts.push_back(std::move(drift));
  result.matching = match(base.runs, next.runs, selection);
  for (const Metric* metric : metrics) result.families.push_back(family_of(result.matching, *metric, rules));
  std::vector<std::string> where = selection.both;
  where.insert(where.end(), selection.next.begin(), selection.next.end());
  result.best = best_algorithms(next.runs, where, rules);
  return result;
}

}  // namespace podbench::compare
