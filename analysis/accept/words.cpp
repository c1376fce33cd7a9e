#include "analysis/accept/words.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace podbench::accept {
namespace {

std::string stages_with(const Acceptance& acceptance, Outcome outcome) {
  std::string names;
  for (const StageReport& report : acceptance.stages)
    if (report.outcome == outcome && (outcome != Outcome::skipped || report.stage != Stage::soak))
      names += fmt::format("{}{}", names.empty() ? "" : ", ", name_of(report.stage));
  return names;
}

}  // namespace

std::size_t count(const StageReport& report, Outcome outcome) {
  return static_cast<std::size_t>(
      std::count_if(report.checks.begin(), report.checks.end(),
                    [&](const Check& check) { return check.outcome == outcome; }));
}

std::string verdict_text(const Acceptance& acceptance) {
  std::size_t failed = 0, open = 0, all = 0;
  for (const StageReport& report : acceptance.stages) {
    failed += count(report, Outcome::fail);
    open += count(report, Outcome::inconclusive);
    all += report.checks.size();
  }
  const std::string pod = "pod " + acceptance.pod + ": ";
  if (acceptance.outcome == Outcome::fail)
    return fmt::format("{}FAIL in {}: {} of {} checks failed", pod, stages_with(acceptance, Outcome::fail),
                       failed, all);
  if (acceptance.outcome == Outcome::pass) return fmt::format("{}PASS, all {} checks", pod, all);
  const std::string missing = stages_with(acceptance, Outcome::skipped);
  return fmt::format("{}INCONCLUSIVE: {} of {} checks undecided{}", pod, open, all,
                     missing.empty() ? "" : "; not run, so not passed: " + missing);
}

std::vector<Culprit> culprits_of(const Acceptance& acceptance) {
  const auto links = std::find_if(acceptance.stages.begin(), acceptance.stages.end(),
                                  [](const StageReport& report) { return report.stage == Stage::links; });
  const bool links_know = links != acceptance.stages.end() && !links->culprits.empty();
  std::vector<Culprit> culprits;
  for (const StageReport& report : acceptance.stages) {
    if (report.stage == Stage::pairs && links_know) continue;
    culprits.insert(culprits.end(), report.culprits.begin(), report.culprits.end());
  }
  std::stable_partition(culprits.begin(), culprits.end(),
                        [](const Culprit& culprit) { return culprit.certain; });
  return culprits;
}

std::vector<std::string> advice(const Acceptance& acceptance) {
  const std::vector<Culprit> culprits = culprits_of(acceptance);
  std::vector<std::string> steps;
  if (acceptance.outcome == Outcome::pass)
    return {"Take the pod into service; keep this report: its fingerprint says what was accepted."};
  const auto certain =
      std::count_if(culprits.begin(), culprits.end(), [](const Culprit& culprit) { return culprit.certain; });
  if (certain > 0)
    steps.push_back("Mend or exchange what is to blame, then run the stage that failed again.");
  if (static_cast<std::size_t>(certain) < culprits.size())
    steps.push_back(
        "Where several parts are named, exchange one of them with a good one and run links again: the "
        "trouble moves with the part.");
  if (acceptance.outcome == Outcome::fail && culprits.empty())
    steps.push_back(
        "No single part explains what failed: compare settings and the declared rates and limits of the pod "
        "file with what was found.");
  if (acceptance.outcome == Outcome::inconclusive && !stages_with(acceptance, Outcome::inconclusive).empty())
    steps.push_back(
        "Measure more launches on a quiet machine: what is undecided scatters around its limit, or was not "
        "covered.");
  if (const std::string missing = stages_with(acceptance, Outcome::skipped); !missing.empty())
    steps.push_back(fmt::format("Run what was not run: {}.", missing));
  return steps;
}

}  // namespace podbench::accept
