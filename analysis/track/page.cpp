#include "analysis/report/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "analysis/track/report.hpp"
#include "analysis/track/words.hpp"
#include "base/quantity.hpp"

namespace podbench::track {
namespace {

constexpr std::size_t charts_an_alert = 12, charted_alerts = 20;

report::Chart chart_of(const History& history, const Judgement& judgement, const Change& shown) {
  report::Chart chart;
  chart.title = fmt::format("{} {}", series_name(history, shown.series), name_of(shown.metric));
  chart.x = {"night", report::Unit::utc_seconds, false};
  chart.y = {std::string(name_of(shown.metric)), report::Unit::time_ns, false};
  report::Curve nights;
  nights.label = "nights";
  nights.points_only = true;
  const double* const row = history.row(shown.metric, shown.series);
  for (std::size_t night = 0; night < history.nights.size(); ++night) {
    if (!(row[night] > 0)) continue;
    nights.x.push_back(history.nights[night].utc_seconds);
    nights.y.push_back(row[night]);
    nights.notes.push_back(history.nights[night].source);
  }
  chart.curves.push_back(std::move(nights));
  for (const Change& change : judgement.changes) {
    if (change.series != shown.series || change.metric != shown.metric) continue;
    chart.marks.push_back(
        {history.nights[change.night].utc_seconds, percent(change.effect.ratio), change.slower});
  }
  return chart;
}

void add_alert(report::Page& page, const History& history, const Judgement& judgement, const Alert& alert) {
  page.section(fmt::format("{}: {}, {}", night_name(history, alert.raised), extent_text(judgement, alert),
                           movement_text(history, judgement, alert)));
  const std::string ground = ground_text(common_ground(history, judgement, alert));
  if (!ground.empty()) page.paragraph("In common: " + ground);
  const std::string program = program_text(history, alert.night);
  if (!program.empty()) page.paragraph("Changed with it: " + program);
  const std::size_t charts = std::min(charts_an_alert, alert.changes.size());
  if (charts < alert.changes.size())
    page.paragraph(fmt::format("The {} surest of {} changes are drawn; the table below has all.", charts,
                               alert.changes.size()));
  for (std::size_t i = 0; i < charts; ++i)
    page.add(chart_of(history, judgement, judgement.changes[alert.changes[i]]));
}

report::Table table_of(const Findings& findings) {
  report::Table table;
  table.title = "All series";
  table.headings = {"case", "metric", "verdict", "level", "spread", "change", "evidence"};
  const auto measure = [](const Finding& finding, std::string_view name) {
    const auto held = std::find_if(finding.measures.begin(), finding.measures.end(),
                                   [name](const Measure& one) { return one.name == name; });
    return held == finding.measures.end() ? 0 : held->value;
  };
  for (const Finding& finding : findings.findings) {
    const double level_ns = measure(finding, "level_seconds") * 1e9,
                 spread = measure(finding, "spread_ratio");
    const double change = measure(finding, "change_ratio");
    const Tone tone = finding.outcome == Outcome::fail ? Tone::bad : Tone::plain;
    table.rows.push_back({{finding.name},
                          {finding.labels.empty() ? "" : finding.labels.front().second},
                          {finding.verdict, 0, false, tone},
                          {level_ns > 0 ? format_duration_ns(level_ns) : "", level_ns, true},
                          {fmt::format("{:.1f}%", 100 * spread), spread, true},
                          {change > 0 ? percent(change) : "", change, true},
                          {finding.text}});
  }
  return table;
}

std::string verdict_text(const History& history, std::size_t regressions, std::size_t improvements) {
  const std::string night =
      history.nights.empty() ? "" : " on " + night_name(history, history.nights.size() - 1);
  if (regressions == 0 && improvements == 0) return "Nothing new" + night;
  return fmt::format("{} new regressions and {} improvements{}", regressions, improvements, night);
}

}  // namespace

std::string html_of(const Findings& findings, const History& history, const Judgement& judgement) {
  report::Page page("Nightly history", findings.title);
  std::size_t regressions = 0, improvements = 0;
  for (const Alert& alert : judgement.alerts)
    if (alert.raised + 1 == history.nights.size()) ++(alert.slower ? regressions : improvements);
  page.verdict(verdict_text(history, regressions, improvements), regressions > 0 ? Tone::bad : Tone::plain);
  const std::size_t drawn = std::min(charted_alerts, judgement.alerts.size());
  if (drawn < judgement.alerts.size())
    page.paragraph(fmt::format("The newest {} of {} alerts are drawn.", drawn, judgement.alerts.size()));
  for (std::size_t i = 0; i < drawn; ++i)
    add_alert(page, history, judgement, judgement.alerts[judgement.alerts.size() - 1 - i]);
  page.section("All series");
  for (const std::string& note : findings.notes) page.paragraph(note);
  page.add(table_of(findings));
  return page.html();
}

}  // namespace podbench::track
