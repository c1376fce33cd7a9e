// What to measure next.
#include <algorithm>
#include <cmath>

#include "analysis/accept/checks.hpp"
#include "analysis/accept/flow_sets.hpp"
#include "analysis/accept/stage_judges.hpp"
#include "analysis/accept/suspicion.hpp"

namespace podbench::accept {
namespace {

constexpr std::size_t most_again = 16;  // of one turn; who needs more has another trouble than one part

const StageReport& report_of(const Acceptance& acceptance, Stage stage) {
  return *std::find_if(acceptance.stages.begin(), acceptance.stages.end(),
                       [&](const StageReport& report) { return report.stage == stage; });
}

bool lost_a_node(const RunView& view, Stage stage) {
  const auto& records = view.records(stage);
  return std::any_of(records.begin(), records.end(),
                     [](const CaseRecord* record) { return record->status == CaseStatus::failed; });
}

std::size_t launches_of(const RunView& view, Stage stage) {
  std::size_t most = 0;
  for (const CaseSeries& series : view.series(stage))
    if (!option(series.key, "part").starts_with("again")) most = std::max(most, series.launches.size());
  return most;
}

bool same_flow(const Flow& a, const Flow& b) {
  return a.from_node == b.from_node && a.to_node == b.to_node && a.from_rail == b.from_rail &&
         a.to_rail == b.to_rail;
}

// Flows that were already measured alone, wrong data included.
std::vector<std::string> tried_alone(const RunView& view) {
  std::vector<std::string> flows;
  for (const CaseRecord* record : view.records(Stage::links))
    if (const auto flow = option(*record, "flow"); !flow.empty()) flows.emplace_back(flow);
  return flows;
}

// The flow with another partner for the part of a node that only one has seen.
std::optional<Flow> another_partner(const RunView& view, const Blame& blame, const std::set<int>& accused) {
  const Suspect& suspect = blame.suspects.front().suspect;
  const int node = node_of(view.pod(), suspect);
  if (node < 0) return std::nullopt;
  for (int other = 0; other < static_cast<int>(view.pod().nodes.size()); ++other) {
    if (accused.contains(other)) continue;
    return suspect.way == Way::in ? Flow{other, node, 0, 0, 0} : Flow{node, other, 0, 0, 0};
  }
  return std::nullopt;
}

std::vector<Flow> second_partners(const RunView& view, const StageReport& report) {
  std::set<int> accused;
  for (const Culprit& culprit : report.culprits)
    for (const Candidate& candidate : culprit.blame.suspects)
      if (const int node = node_of(view.pod(), candidate.suspect); node >= 0) accused.insert(node);
  const std::vector<std::string> tried = tried_alone(view);
  std::vector<Flow> flows;
  for (const Culprit& culprit : report.culprits) {
    if (flows.size() == most_again) break;
    std::optional<Flow> flow = culprit.blame.next;
    if (!flow && !culprit.certain) flow = another_partner(view, culprit.blame, accused);
    if (!flow || std::find(tried.begin(), tried.end(), view.name(*flow)) != tried.end()) continue;
    const bool known =
        std::any_of(flows.begin(), flows.end(), [&](const Flow& other) { return same_flow(*flow, other); });
    if (!known) flows.push_back(*flow);
  }
  return flows;
}

bool undecided(const StageReport& report) {
  return std::any_of(report.checks.begin(), report.checks.end(), [](const Check& check) {
    return check.outcome == Outcome::inconclusive && std::isfinite(check.limit);
  });
}

// Whether more launches would change nothing that anybody does next: the stage has failed, and either it is
// known for certain what to replace, or the next stage finds that out.
bool is_settled(const StageReport& report) {
  const bool certain =
      !report.culprits.empty() && std::all_of(report.culprits.begin(), report.culprits.end(),
                                              [](const Culprit& culprit) { return culprit.certain; });
  return report.outcome == Outcome::fail && (certain || report.stage == Stage::pairs);
}

}  // namespace

Next next_of(const Acceptance& acceptance, const Run& run, const Pod& pod, Stage stage) {
  const RunView view(run, pod);
  const StageReport& report = report_of(acceptance, stage);
  Next next;
  if (lost_a_node(view, stage)) return next;
  if (stage == Stage::links) next.again = second_partners(view, report);
  const std::size_t launches = launches_of(view, stage);
  const bool looks_left = launches < static_cast<std::size_t>(looks[std::size(looks) - 1]);
  const bool too_few = launches < static_cast<std::size_t>(looks[0]);
  next.more_launches = stage != Stage::inventory && looks_left && launches > 0 &&
                       (too_few || (undecided(report) && !is_settled(report)));
  const bool over = next.again.empty() && !next.more_launches;
  // Pairs that fail are what links explains.
  next.gate_open = over && report.outcome != Outcome::skipped &&
                   (stage == Stage::pairs || report.outcome != Outcome::fail);
  return next;
}

}  // namespace podbench::accept
