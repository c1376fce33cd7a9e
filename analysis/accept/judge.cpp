#include <algorithm>

#include "analysis/accept/checks.hpp"
#include "analysis/accept/fingerprint.hpp"
#include "analysis/accept/sensors.hpp"
#include "analysis/accept/stage_judges.hpp"

namespace podbench::accept {
namespace {

// Soaking takes as long as somebody gives it; the others make an acceptance whole.
constexpr std::size_t stages_needed = 6;

StageReport stage_report(const RunView& view, Stage stage, const std::set<int>& slow) {
  switch (stage) {
    case Stage::inventory:
      return judge_inventory(view);
    case Stage::node:
      return judge_nodes(view);
    case Stage::pairs:
      return judge_pairs(view, slow);
    case Stage::links:
      return judge_links(view, slow);
    case Stage::scale:
      return judge_scale(view);
    case Stage::congestion:
      return judge_congestion(view);
    case Stage::soak:
      break;
  }
  return judge_soak(view, slow);
}

Outcome outcome_of_all(const std::vector<StageReport>& stages) {
  const auto any = [&](Outcome outcome, std::size_t among) {
    return std::any_of(stages.begin(), stages.begin() + static_cast<std::ptrdiff_t>(among),
                       [&](const StageReport& report) { return report.outcome == outcome; });
  };
  if (any(Outcome::fail, stages.size())) return Outcome::fail;
  const bool open = any(Outcome::inconclusive, stages.size()) || any(Outcome::skipped, stages_needed);
  return open ? Outcome::inconclusive : Outcome::pass;
}

// Where people look first, and what decides whether the next one may begin: the stage that was the last to
// run.
void add_flaps_to_last_stage(const RunView& view, Acceptance& acceptance) {
  const auto last = std::find_if(acceptance.stages.rbegin(), acceptance.stages.rend(),
                                 [](const StageReport& stage) { return stage.outcome != Outcome::skipped; });
  if (last == acceptance.stages.rend()) return;
  add_flaps(view, *last);
  last->outcome = outcome_of(*last);
}

}  // namespace

Acceptance judge(const Run& run, const Pod& pod) {
  const RunView view(run, pod);
  Acceptance acceptance;
  acceptance.pod = pod.name;
  acceptance.fingerprint = fingerprint_of(pod, run);
  std::set<int> slow;
  for (const Stage stage : all_stages) {
    StageReport report = stage_report(view, stage, slow);
    report.stage = stage;
    add_trouble(view, report);
    report.outcome = outcome_of(report);
    if (stage == Stage::node) slow = blamed_nodes(report);
    acceptance.stages.push_back(std::move(report));
  }
  if (view.records(Stage::soak).empty()) add_flaps_to_last_stage(view, acceptance);
  acceptance.outcome = outcome_of_all(acceptance.stages);
  return acceptance;
}

void add_checks(std::vector<Check> checks, StageReport& report) {
  const auto passing = std::stable_partition(
      checks.begin(), checks.end(), [](const Check& check) { return check.outcome != Outcome::pass; });
  const auto many = static_cast<std::size_t>(checks.end() - passing);
  if (many > most_passing_checks) {
    report.notes.push_back(std::to_string(many - most_passing_checks) +
                           " more checks passed and are not listed");
    checks.erase(passing + static_cast<std::ptrdiff_t>(most_passing_checks), checks.end());
  }
  std::move(checks.begin(), checks.end(), std::back_inserter(report.checks));
}

}  // namespace podbench::accept
