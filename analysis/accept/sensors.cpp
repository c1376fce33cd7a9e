#include "analysis/accept/sensors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>

#include "analysis/accept/checks.hpp"
#include "analysis/accept/stage_judges.hpp"
#include "analysis/telemetry/findings.hpp"

namespace podbench::accept {
namespace {

// Each rack that has a limit: what it draws, it must also get rid of.
std::vector<PowerGroup> limited_racks(const Pod& pod) {
  constexpr double none = std::numeric_limits<double>::infinity();
  std::vector<PowerGroup> groups;
  for (const PodRack& rack : pod.racks)
    groups.push_back(
        {rack.name, {}, std::min(rack.power_limit_w.value_or(none), rack.cooling_limit_w.value_or(none))});
  for (const PodNode& node : pod.nodes)
    if (node.rack >= 0) groups[static_cast<std::size_t>(node.rack)].nodes.push_back(node.name);
  std::erase_if(groups, [](const PowerGroup& group) { return !(group.limit_w < none); });
  return groups;
}

std::vector<TelemetryFinding> findings_in(const RunView& view) {
  std::vector<TelemetryFinding> findings = judge_telemetry(view.run());
  const std::vector<TelemetryFinding> power = power_over(view.run(), limited_racks(view.pod()));
  findings.insert(findings.end(), power.begin(), power.end());
  return findings;
}

// Both ends see a link go down, so that nothing tells them and the cable apart.
void blame_flap(const RunView& view, const TelemetryFinding& finding, StageReport& report) {
  const int node = view.node(finding.node);
  if (node < 0) return;
  report.culprits.push_back({blame_of_node(node, Way::both, no_number, 1),
                             "NIC or cable or the port at its other end, " + finding.words, true});
}

// A failed check, with whoever is to blame where that is known, or a note.
void add(const RunView& view, const TelemetryFinding& finding, bool fails, StageReport& report) {
  if (!fails) {
    report.notes.push_back(finding.words);
    return;
  }
  report.checks.push_back(plain_check(finding.node, std::string(name_of(finding.concern)), Outcome::fail,
                                      "its sensors", finding.words));
  if (finding.concern == TelemetryConcern::flap) blame_flap(view, finding, report);
}

}  // namespace

void add_sensor_checks(const RunView& view, StageReport& report) {
  const std::size_t before = report.checks.size();
  for (const TelemetryFinding& finding : findings_in(view)) add(view, finding, finding.serious, report);
  if (const std::size_t nodes = judged_nodes(view.run()).size(); nodes > 0 && report.checks.size() == before)
    report.checks.push_back(plain_check(fmt::format("{} nodes", nodes), "sensors", Outcome::pass,
                                        "their sensors",
                                        "no counter of errors, no link, no clock and no temperature speaks "
                                        "against a node"));
}

void add_flaps(const RunView& view, StageReport& report) {
  for (const TelemetryFinding& finding : findings_in(view))
    if (finding.serious) add(view, finding, finding.concern == TelemetryConcern::flap, report);
}

}  // namespace podbench::accept
