// An acceptance as findings and as a document.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "analysis/accept/checks.hpp"

namespace podbench::accept {
namespace {

using nlohmann::ordered_json;

// Measures take their unit into their name.
std::string unit_suffix(const std::string& unit) {
  if (unit == "s") return "_seconds";
  if (unit == "B/s") return "_bytes_per_second";
  return unit == "ratio" ? "_ratio" : "";
}

Finding finding_of(Stage stage, const Check& check) {
  Finding finding;
  finding.name = fmt::format("{}: {}", check.subject, check.what);
  finding.group = std::string(name_of(stage));
  finding.outcome = check.outcome;
  finding.verdict = std::string(name_of(check.outcome));
  finding.text = check.evidence;
  finding.labels = {{"subject", check.subject}, {"what", check.what}, {"limit_from", check.limit_from}};
  for (const auto& [name, value] :
       {std::pair("measured", check.measured), {"limit", check.limit}, {"bound", check.bound}})
    if (!std::isnan(value)) finding.measures.push_back({name + unit_suffix(check.unit), value});
  return finding;
}

Finding finding_of(const StageReport& report) {
  Finding finding;
  finding.name = fmt::format("stage {}", name_of(report.stage));
  finding.group = std::string(name_of(report.stage));
  finding.outcome = report.outcome;
  finding.verdict = std::string(name_of(report.outcome));
  finding.text = report.outcome == Outcome::skipped ? "not measured, so not passed"
                                                    : fmt::format("{} checks", report.checks.size());
  return finding;
}

ordered_json number(double value) {
  return std::isfinite(value) ? ordered_json(value) : ordered_json();
}

ordered_json object_of(const Check& check) {
  return {{"subject", check.subject},          {"what", check.what},
          {"outcome", name_of(check.outcome)}, {"unit", check.unit},
          {"limit", number(check.limit)},      {"measured", number(check.measured)},
          {"bound", number(check.bound)},      {"limit_from", check.limit_from},
          {"launches", check.launches},        {"evidence", check.evidence}};
}

ordered_json object_of(const Culprit& culprit) {
  return {{"words", culprit.words},
          {"certain", culprit.certain},
          {"confidence", number(culprit.blame.confidence)},
          {"effect",
           culprit.blame.suspects.empty() ? ordered_json() : number(culprit.blame.suspects.front().effect)},
          {"effect_lo", number(culprit.blame.effect_lo)},
          {"effect_hi", number(culprit.blame.effect_hi)}};
}

ordered_json object_of(const StageReport& report) {
  ordered_json stage = {{"stage", name_of(report.stage)}, {"outcome", name_of(report.outcome)}};
  for (const char* list : {"culprits", "checks", "coverage"}) stage[list] = ordered_json::array();
  for (const Culprit& culprit : report.culprits) stage["culprits"].push_back(object_of(culprit));
  for (const Check& check : report.checks) stage["checks"].push_back(object_of(check));
  for (const Coverage& coverage : report.coverage)
    stage["coverage"].push_back(
        {{"what", coverage.what}, {"exercised", coverage.exercised}, {"planned", coverage.planned}});
  stage["smallest_caught"] = report.smallest_caught;
  stage["notes"] = report.notes;
  return stage;
}

}  // namespace

Findings findings_of(const Acceptance& acceptance) {
  Findings findings;
  findings.command = "accept";
  findings.title = fmt::format("pod {}: {}, fingerprint {}", acceptance.pod, name_of(acceptance.outcome),
                               acceptance.fingerprint);
  Finding whole;
  whole.name = "pod " + acceptance.pod;
  whole.group = "acceptance";
  whole.outcome = acceptance.outcome;
  whole.verdict = std::string(name_of(acceptance.outcome));
  whole.text = "fingerprint " + acceptance.fingerprint;
  findings.findings.push_back(std::move(whole));
  for (const StageReport& report : acceptance.stages) {
    findings.findings.push_back(finding_of(report));
    for (const Check& check : report.checks) findings.findings.push_back(finding_of(report.stage, check));
    for (const Culprit& culprit : report.culprits)
      findings.notes.push_back(fmt::format("{}: {}{}", name_of(report.stage),
                                           culprit.certain ? "" : "suspected: ", culprit.words));
    for (const std::string& note : report.notes)
      findings.notes.push_back(fmt::format("{}: {}", name_of(report.stage), note));
  }
  return findings;
}

ordered_json json_of(const Acceptance& acceptance) {
  ordered_json document = {{"command", "accept"},
                           {"pod", acceptance.pod},
                           {"outcome", name_of(acceptance.outcome)},
                           {"fingerprint", acceptance.fingerprint}};
  document["stages"] = ordered_json::array();
  for (const StageReport& report : acceptance.stages) document["stages"].push_back(object_of(report));
  return document;
}

}  // namespace podbench::accept
