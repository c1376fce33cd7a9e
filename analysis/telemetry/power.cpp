#include "analysis/telemetry/power.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "analysis/telemetry/findings.hpp"
#include "analysis/telemetry/words.hpp"

namespace podbench {
namespace {

constexpr std::int64_t least_step_ns = 1'000'000'000;

// Parts of a package (core, uncore) are in its own counter; memory is not.
bool counts_as_energy(const TelemetrySeries& series) {
  const std::string& name = series.name;
  if (series.unit != "J" || !name.starts_with("energy.package")) return false;
  return name.find('.', 7) == std::string::npos || name.ends_with(".dram");
}
bool counts_as_power(const TelemetrySeries& series) {
  return series.unit == "W" && series.name.starts_with("gpu") && series.name.ends_with(".power");
}

double watts_between(const std::vector<const TelemetrySeries*>& energies,
                     const std::vector<const TelemetrySeries*>& gauges, std::int64_t from_ns,
                     std::int64_t to_ns) {
  double watts = 0;
  for (const TelemetrySeries* series : energies)
    watts += growth(*series, from_ns, to_ns) / (static_cast<double>(to_ns - from_ns) * 1e-9);
  for (const TelemetrySeries* series : gauges)
    if (const double now = value_at(*series, to_ns); !std::isnan(now)) watts += now;
  return watts;
}

// The steps of one node of a group, and where its sum is asked for.
double watts_at(const std::vector<PowerStep>& steps, std::int64_t at_ns) {
  const auto step = std::partition_point(steps.begin(), steps.end(),
                                         [&](const PowerStep& one) { return one.to_ns <= at_ns; });
  return step != steps.end() && step->from_ns <= at_ns ? step->watts : 0;
}

// Where the sum of all steps is over the limit, if anywhere.
TelemetryFinding over(const std::vector<std::vector<PowerStep>>& nodes, double limit_w) {
  TelemetryFinding finding{.concern = TelemetryConcern::power, .series = "power", .serious = true};
  std::set<std::int64_t> begins_ns;
  for (const auto& steps : nodes)
    for (const PowerStep& step : steps) begins_ns.insert(step.from_ns);
  for (const std::int64_t at_ns : begins_ns) {
    double watts = 0;
    for (const auto& steps : nodes) watts += watts_at(steps, at_ns);
    if (watts <= limit_w) continue;
    if (finding.amount == 0) finding.from_ns = at_ns;
    finding.to_ns = at_ns;
    finding.amount = std::max(finding.amount, watts);
  }
  return finding;
}

}  // namespace

std::vector<PowerStep> power_of(const NodeTelemetry& node) {
  std::vector<const TelemetrySeries*> energies, gauges;
  for (const TelemetrySeries* series : node.series) {
    if (counts_as_energy(*series)) energies.push_back(series);
    if (counts_as_power(*series)) gauges.push_back(series);
  }
  std::vector<PowerStep> steps;
  if ((energies.empty() && gauges.empty()) || node.moments_ns.size() < 2) return steps;
  std::int64_t from_ns = node.moments_ns.front();
  for (const std::int64_t at_ns : node.moments_ns) {
    const bool last = at_ns == node.moments_ns.back();
    if (at_ns - from_ns < least_step_ns && !(last && steps.empty() && at_ns > from_ns)) continue;
    steps.push_back({from_ns, at_ns, watts_between(energies, gauges, from_ns, at_ns)});
    from_ns = at_ns;
  }
  return steps;
}

std::vector<TelemetryFinding> power_over(const Run& run, std::span<const PowerGroup> groups) {
  const auto nodes = telemetry_by_node(run);
  const CaseSpans spans(run);
  const std::int64_t origin_ns = telemetry_origin_ns(run);
  std::vector<TelemetryFinding> findings;
  for (const PowerGroup& group : groups) {
    std::vector<std::vector<PowerStep>> steps;
    for (const std::string& name : group.nodes)
      if (const auto node = nodes.find(name); node != nodes.end())
        if (auto own = power_of(node->second); !own.empty()) steps.push_back(std::move(own));
    TelemetryFinding finding = over(steps, group.limit_w);
    finding.node = group.name;
    const std::string reporting =
        steps.size() == group.nodes.size()
            ? ""
            : fmt::format(" ({} of {} nodes report power)", steps.size(), group.nodes.size());
    if (finding.amount > 0)
      finding.words =
          fmt::format("{}: {:.0f} W at most, over the limit of {:.0f} W, {}{}{}", group.name, finding.amount,
                      group.limit_w, span_in_words(finding.from_ns, finding.to_ns, origin_ns),
                      cases_in_words(spans, finding.from_ns, finding.to_ns), reporting);
    else if (!reporting.empty()) {
      finding.serious = false;
      finding.words =
          fmt::format("{}: power was not seen to be over {:.0f} W{}", group.name, group.limit_w, reporting);
    } else {
      continue;
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace podbench
