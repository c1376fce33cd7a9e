#include "analysis/telemetry/findings.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace podbench {

std::string_view name_of(TelemetryConcern concern) {
  constexpr std::array<std::string_view, 6> names = {"errors", "flap", "throttled", "clock", "heat", "power"};
  return names[static_cast<std::size_t>(concern)];
}

std::vector<TelemetryFinding> judge_telemetry(const Run& run, const TelemetryRules& rules) {
  std::vector<TelemetryFinding> all;
  for (const auto judge : {grown_errors, throttling, heat}) {
    std::vector<TelemetryFinding> found = judge(run, rules);
    std::move(found.begin(), found.end(), std::back_inserter(all));
  }
  std::stable_sort(all.begin(), all.end(), [](const TelemetryFinding& a, const TelemetryFinding& b) {
    return a.serious > b.serious;
  });
  return all;
}

std::set<std::string> judged_nodes(const Run& run) {
  std::set<std::string> nodes;
  for (const TelemetrySeries& series : run.telemetry) nodes.insert(series.node);
  return nodes;
}

}  // namespace podbench
