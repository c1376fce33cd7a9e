// A comparison for other tools.
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "analysis/compare/outputs.hpp"
#include "analysis/compare/tuning.hpp"
#include "analysis/compare/words.hpp"
#include "analysis/document.hpp"
#include "analysis/statistics.hpp"

namespace podbench::compare {
namespace {

using nlohmann::ordered_json;

Outcome outcome_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::slower:
      return Outcome::fail;
    case Verdict::undecided:
      return Outcome::inconclusive;
    case Verdict::faster:
    case Verdict::equivalent:
      break;
  }
  return Outcome::pass;
}

std::vector<std::pair<std::string, std::string>> labels_of(const MatchedCase& matched, const Metric& metric) {
  std::vector<std::pair<std::string, std::string>> labels = {{"metric", std::string(metric.name)}};
  for (const KeyColumn* column : identity_columns()) {
    // Sizes as plain numbers.
    const auto text = [column](const CaseKey& key) {
      return column->name == "bytes" ? std::to_string(key.bytes) : key_text(*column, key);
    };
    const std::string base = text(matched.base_key), next = text(matched.next_key);
    labels.emplace_back(column->name, base);
    if (base != next) labels.emplace_back("new_" + std::string(column->name), next);
  }
  return labels;
}

std::string evidence(const Decision& decision, const MatchedCase& matched) {
  std::string text = fmt::format(
      "{} times the base's time, 95% interval {}, {} and {} launches, p {:.2g}, q {:.2g}, without "
      "assumptions p {:.2g}",
      ratio_text(decision.ratio), interval_text(decision.lo, decision.hi), matched.base.size(),
      matched.next.size(), decision.p_value, decision.q_value, decision.sign_flip_p);
  if (decision.launches_needed > 0)
    text += fmt::format("; about {} launches a side would decide", decision.launches_needed);
  if (!matched.note.empty()) text += "; " + matched.note;
  return text;
}

Finding finding_of(const MatchedCase& matched, const Family& family, std::size_t at) {
  const Decision& decision = family.decisions[at];
  const Sides sides = sides_of(matched, *family.metric);
  return {.name = fmt::format("{} {}", matched.name(), family.metric->name),
          .group = matched.base_key.pattern,
          .outcome = outcome_of(decision.verdict),
          .verdict = std::string(name_of(decision.verdict)),
          .text = evidence(decision, matched),
          .labels = labels_of(matched, *family.metric),
          .measures = {{"time_ratio", decision.ratio},
                       {"low_time_ratio", decision.lo},
                       {"high_time_ratio", decision.hi},
                       {"base_time_seconds", median(sides.base) / 1e9},
                       {"new_time_seconds", median(sides.next) / 1e9},
                       {"p_value", decision.p_value},
                       {"q_value", decision.q_value},
                       {"cross_check_p_value", decision.sign_flip_p},
                       {"base_launches", static_cast<double>(sides.base.size())},
                       {"new_launches", static_cast<double>(sides.next.size())},
                       {"launches_needed", static_cast<double>(decision.launches_needed)}}};
}

Finding without_ratio(const LeftOutCase& left_out) {
  Finding finding;
  finding.name = left_out.name;
  finding.group = left_out.name.substr(0, left_out.name.find('/'));
  finding.outcome = left_out.broken ? Outcome::fail : Outcome::skipped;
  finding.verdict = left_out.broken ? "broken" : "not compared";
  finding.text = left_out.why;
  return finding;
}

Finding nothing_to_compare() {
  Finding finding;
  finding.name = "all cases";
  finding.group = "compare";
  finding.outcome = Outcome::inconclusive;
  finding.verdict = "not compared";
  finding.text = "no case of both sides can be compared";
  return finding;
}

std::string title_of(const Comparison& comparison) {
  std::string title;
  for (const Family& family : comparison.families)
    title += fmt::format("{}{}: {}, geometric mean {}", title.empty() ? "" : "; ", family.metric->name,
                         counts_text(family.decisions), mean_text(family.mean));
  if (const std::size_t broken = broken_cases(comparison.matching); broken > 0)
    title += fmt::format("; {} broken", broken);
  return title;
}

std::vector<std::string> notes_of(const Comparison& comparison) {
  std::vector<std::string> notes;
  for (const EnvironmentDifference& difference : comparison.environment)
    notes.push_back("environment: " + difference_text(difference));
  for (const Drift& drift : comparison.drifts) notes.push_back(drift_text(drift));
  const Matching& matching = comparison.matching;
  if (!matching.only_base.empty())
    notes.push_back(fmt::format("{} cases are only in the base", matching.only_base.size()));
  if (!matching.only_next.empty())
    notes.push_back(fmt::format("{} cases are only in the new runs", matching.only_next.size()));
  return notes;
}

ordered_json family_object(const Family& family, const Matching& matching) {
  ordered_json object = {{"metric", family.metric->name},
                         {"cases", family.mean.cases},
                         {"geometric_mean_ratio", json_number(family.mean.ratio)},
                         {"low_ratio", json_number(family.mean.lo)},
                         {"high_ratio", json_number(family.mean.hi)},
                         {"crossovers", ordered_json::array()}};
  for (const Crossover& crossover : family.crossovers)
    object["crossovers"].push_back({{"smaller", matching.cases[crossover.smaller].name()},
                                    {"larger", matching.cases[crossover.larger].name()},
                                    {"bytes", crossover.bytes},
                                    {"new_is_faster_above", crossover.next_wins_above}});
  return object;
}

ordered_json sources_of(const std::vector<RunEnvironment>& runs) {
  ordered_json list = ordered_json::array();
  for (const RunEnvironment& run : runs)
    list.push_back({{"file", run.source},
                    {"run_id", run.run.run_id},
                    {"started_utc", run.run.started_utc},
                    {"launches", run.launches.size()}});
  return list;
}

}  // namespace

Findings findings_of(const Comparison& comparison) {
  Findings findings{"compare", title_of(comparison), notes_of(comparison), {}};
  for (const Family& family : comparison.families)
    for (std::size_t i = 0; i < family.decisions.size(); ++i)
      findings.findings.push_back(finding_of(comparison.matching.cases[i], family, i));
  for (const LeftOutCase& left_out : comparison.matching.left_out)
    findings.findings.push_back(without_ratio(left_out));
  if (comparison.matching.cases.empty()) findings.findings.push_back(nothing_to_compare());
  return findings;
}

ordered_json document_of(const Comparison& comparison, const Findings& findings) {
  ordered_json document = findings_object(findings);
  document["base"] = sources_of(comparison.base);
  document["new"] = sources_of(comparison.next);
  document["environment"] = ordered_json::array();
  for (const EnvironmentDifference& difference : comparison.environment)
    document["environment"].push_back({{"name", difference.name},
                                       {"nodes", difference.where},
                                       {"base", difference.base},
                                       {"new", difference.next}});
  document["families"] = ordered_json::array();
  for (const Family& family : comparison.families)
    document["families"].push_back(family_object(family, comparison.matching));
  document["only_in_base"] = comparison.matching.only_base;
  document["only_in_new"] = comparison.matching.only_next;
  document["tuning"] = tuning_object(tuning_tables(comparison.best));
  return document;
}

}  // namespace podbench::compare
