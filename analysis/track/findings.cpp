#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

#include "analysis/track/report.hpp"
#include "analysis/track/window.hpp"
#include "analysis/track/words.hpp"

namespace podbench::track {
namespace {

constexpr double seconds_per_ns = 1e-9;

// The newest change of each series, by metric and series; none where it never changed.
using Newest = std::vector<std::optional<std::size_t>>;

Newest newest_changes(const History& history, const Judgement& judgement, Metric metric) {
  Newest newest(history.series.size());
  for (std::size_t at = 0; at < judgement.changes.size(); ++at)
    if (judgement.changes[at].metric == metric) newest[judgement.changes[at].series] = at;
  return newest;
}

void describe_change(const History& history, const Judgement& judgement, const Change& change,
                     Finding& finding) {
  const Alert& alert = judgement.alerts[change.alert];
  const std::size_t tonight = history.nights.size() - 1;
  const char* const word = change.slower ? "slower" : "faster";
  const std::string what = fmt::format("{} since {}", effect_text(change.effect), when_text(history, change));
  if (change.confirmed < tonight) {
    finding.verdict = fmt::format("{} since {}", word, night_name(history, change.night));
    finding.text = fmt::format("{}; alerted {}", what, night_name(history, alert.raised));
  } else if (alert.raised < tonight) {
    finding.verdict = fmt::format("{}, as alerted {}", word, night_name(history, alert.raised));
    finding.text = fmt::format("{}; confirmed tonight, part of the alert of {}", what,
                               night_name(history, alert.raised));
  } else {
    finding.verdict = word;
    finding.outcome = change.slower ? Outcome::fail : Outcome::pass;
    finding.text = fmt::format("{}, confirmed tonight; false discovery rate {:.2g}", what, change.q_value);
  }
  finding.labels.emplace_back("changed", history.nights[change.night].started_utc);
  finding.labels.emplace_back("alerted", history.nights[alert.raised].started_utc);
  finding.measures.push_back({"change_ratio", change.effect.ratio});
  finding.measures.push_back({"change_low_ratio", change.effect.lo});
  finding.measures.push_back({"change_high_ratio", change.effect.hi});
  finding.measures.push_back({"false_discovery_ratio", change.q_value});
}

Finding finding_of(const History& history, const Judgement& judgement, Metric metric, std::size_t series,
                   std::optional<std::size_t> newest) {
  const Standing& standing = judgement.standings[static_cast<std::size_t>(metric)][series];
  Finding finding;
  finding.name = series_name(history, series);
  finding.group = fmt::format("{}.{}", history.series[series].key.pattern, name_of(metric));
  finding.labels.emplace_back("metric", name_of(metric));
  finding.measures.push_back({"level_seconds", standing.level_ns * seconds_per_ns});
  finding.measures.push_back({"spread_ratio", standing.spread});
  if (!standing.tonight) {
    finding.outcome = Outcome::skipped;
    finding.verdict = "not measured";
    finding.text = "the newest run has no value of it";
  } else if (newest) {
    describe_change(history, judgement, judgement.changes[*newest], finding);
  } else if (standing.points < least_window) {
    finding.outcome = Outcome::skipped;
    finding.verdict = "too little history";
    finding.text = fmt::format("{} nights; judged from {} on", standing.points, least_window);
  } else if (standing.suspected) {
    finding.verdict = "suspected";
    finding.text =
        fmt::format("may have changed on {}; a chance of {:.1g} in a night without cause, not yet enough",
                    night_name(history, standing.suspected_night), standing.suspected_p);
  } else {
    finding.verdict = "steady";
    finding.text =
        fmt::format("{} nights at one level, spread {:.1f}%", standing.points, 100 * standing.spread);
  }
  return finding;
}

nlohmann::ordered_json change_object(const History& history, const Change& change) {
  return {{"series", series_name(history, change.series)},
          {"metric", std::string(name_of(change.metric))},
          {"first_night", history.nights[change.night].started_utc},
          {"first_night_earliest", history.nights[change.earliest].started_utc},
          {"first_night_latest", history.nights[change.latest].started_utc},
          {"confirmed", history.nights[change.confirmed].started_utc},
          {"ratio", change.effect.ratio},
          {"ratio_low", change.effect.lo},
          {"ratio_high", change.effect.hi},
          {"before_ns", change.before_ns},
          {"after_ns", change.after_ns},
          {"p_value", change.p_value},
          {"q_value", change.q_value},
          {"autocorrelation", change.rho}};
}

nlohmann::ordered_json alert_object(const History& history, const Judgement& judgement, const Alert& alert) {
  nlohmann::ordered_json object = {{"raised", history.nights[alert.raised].started_utc},
                                   {"new", alert.raised + 1 == history.nights.size()},
                                   {"direction", alert.slower ? "slower" : "faster"},
                                   {"first_night", history.nights[alert.night].started_utc},
                                   {"in_common", nlohmann::ordered_json::array()},
                                   {"changes", nlohmann::ordered_json::array()}};
  for (const CommonFactor& factor : common_ground(history, judgement, alert).factors)
    object["in_common"].push_back({{"what", factor.name},
                                   {"value", factor.value},
                                   {"series_moved", factor.moved},
                                   {"series_with_it", factor.with_value}});
  for (const std::size_t at : alert.changes)
    object["changes"].push_back(change_object(history, judgement.changes[at]));
  return object;
}

}  // namespace

Findings findings_of(const History& history, const Judgement& judgement) {
  Findings findings;
  findings.command = "track";
  findings.title = title_of(history);
  findings.notes = history.notes;
  for (const Metric metric : {Metric::p50, Metric::p99}) {
    const Newest newest = newest_changes(history, judgement, metric);
    for (std::size_t series = 0; series < history.series.size(); ++series)
      if (judgement.standings[static_cast<std::size_t>(metric)][series].points > 0)
        findings.findings.push_back(finding_of(history, judgement, metric, series, newest[series]));
  }
  if (judgement.judged == 0) {
    Finding none;
    none.name = "history";
    none.group = "history";
    none.outcome = Outcome::inconclusive;
    none.verdict = "too little history";
    none.text = fmt::format("no series of the newest run has {} nights yet", least_window);
    findings.findings.push_back(std::move(none));
  }
  return findings;
}

nlohmann::ordered_json json_of(const Findings& findings, const History& history, const Judgement& judgement) {
  nlohmann::ordered_json object = findings_object(findings);
  object["nights"] = nlohmann::ordered_json::array();
  for (const Night& night : history.nights)
    object["nights"].push_back({{"started_utc", night.started_utc}, {"file", night.source}});
  object["alerts"] = nlohmann::ordered_json::array();
  for (const Alert& alert : judgement.alerts)
    object["alerts"].push_back(alert_object(history, judgement, alert));
  return object;
}

}  // namespace podbench::track
