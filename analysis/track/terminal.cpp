#include <fmt/format.h>

#include <algorithm>

#include "analysis/text_table.hpp"
#include "analysis/track/report.hpp"
#include "analysis/track/window.hpp"
#include "analysis/track/words.hpp"
#include "base/quantity.hpp"

namespace podbench::track {
namespace {

constexpr std::size_t earlier_alerts = 10;

std::string changes_table(const History& history, const Judgement& judgement, const Alert& alert,
                          std::size_t most_lines) {
  std::vector<TextColumn> columns(7);
  const char* const headings[] = {"case", "metric", "before", "now", "change", "first night", "q"};
  for (std::size_t i = 0; i < columns.size(); ++i) columns[i].heading = headings[i];
  columns[0].right = columns[1].right = columns[5].right = false;
  const std::size_t lines = std::min(most_lines, alert.changes.size());
  for (std::size_t i = 0; i < lines; ++i) {
    const Change& change = judgement.changes[alert.changes[i]];
    const std::string cells[] = {series_name(history, change.series),  std::string(name_of(change.metric)),
                                 format_duration_ns(change.before_ns), format_duration_ns(change.after_ns),
                                 effect_text(change.effect),           when_text(history, change),
                                 fmt::format("{:.1g}", change.q_value)};
    for (std::size_t column = 0; column < columns.size(); ++column)
      columns[column].cells.push_back({cells[column]});
  }
  std::string text = render(std::move(columns), false, 0);
  if (lines < alert.changes.size())
    text += fmt::format("and {} more; --format csv has all\n", alert.changes.size() - lines);
  return text;
}

std::string new_alert(const History& history, const Judgement& judgement, const Alert& alert,
                      std::size_t most_lines) {
  std::string text = fmt::format("\n{}: {}, {}\n", alert.slower ? "REGRESSION" : "Improvement",
                                 extent_text(judgement, alert), movement_text(history, judgement, alert));
  const std::string ground = ground_text(common_ground(history, judgement, alert));
  if (!ground.empty()) text += fmt::format("in common: {}\n", ground);
  const std::string program = program_text(history, alert.night);
  if (!program.empty()) text += fmt::format("changed with it: {}\n", program);
  text += changes_table(history, judgement, alert, most_lines);
  if (alert.night > 0)
    text += fmt::format("what else changed: podbench compare {} --vs {}\n",
                        history.nights[alert.night - 1].source, history.nights[alert.night].source);
  return text;
}

std::string suspected_text(const History& history, const Judgement& judgement) {
  std::string text;
  std::size_t count = 0;
  constexpr std::size_t most = 5;
  for (const Metric metric : {Metric::p50, Metric::p99}) {
    const auto& standings = judgement.standings[static_cast<std::size_t>(metric)];
    for (std::size_t series = 0; series < standings.size(); ++series) {
      if (!standings[series].suspected || ++count > most) continue;
      text +=
          fmt::format("  {} {}: since {}, chance {:.1g}\n", series_name(history, series), name_of(metric),
                      night_name(history, standings[series].suspected_night), standings[series].suspected_p);
    }
  }
  if (count == 0) return "";
  if (count > most) text += fmt::format("  and {} more\n", count - most);
  return fmt::format("\nSuspected, not sure enough for an alert: {}\n{}", count, text);
}

std::string earlier_text(const History& history, const Judgement& judgement) {
  const std::size_t tonight = history.nights.size() - 1;
  std::vector<const Alert*> earlier;
  for (const Alert& alert : judgement.alerts)
    if (alert.raised < tonight) earlier.push_back(&alert);
  if (earlier.empty()) return "";
  std::string text = "\nEarlier alerts (each was raised once):\n";
  const std::size_t skipped = earlier.size() - std::min(earlier.size(), earlier_alerts);
  if (skipped > 0) text += fmt::format("  {} older ones are in --json\n", skipped);
  for (std::size_t i = skipped; i < earlier.size(); ++i) {
    const std::string ground = ground_text(common_ground(history, judgement, *earlier[i]));
    text += fmt::format("  {}  {}, {}{}\n", night_name(history, earlier[i]->raised),
                        extent_text(judgement, *earlier[i]), movement_text(history, judgement, *earlier[i]),
                        ground.empty() ? "" : "; " + ground);
  }
  return text;
}

std::string conclusion(const History& history, const Judgement& judgement, std::size_t raised) {
  if (judgement.judged == 0)
    return fmt::format("\nToo little history to judge anything: a series is judged from {} nights on.\n",
                       least_window);
  std::size_t young = 0;
  for (const auto& standings : judgement.standings)
    young += static_cast<std::size_t>(std::count_if(
        standings.begin(), standings.end(),
        [](const Standing& standing) { return standing.tonight && standing.points < least_window; }));
  std::string text = raised == 0
                         ? fmt::format("\nNothing new on {}: {} series and metrics judged",
                                       night_name(history, history.nights.size() - 1), judgement.judged)
                         : fmt::format("\n{} series and metrics judged", judgement.judged);
  if (young > 0) text += fmt::format(", {} have too little history", young);
  return text + ".\n";
}

}  // namespace

std::string terminal_text(const History& history, const Judgement& judgement, std::size_t most_lines) {
  std::string text = title_of(history) + "\n";
  if (history.nights.empty()) return text;
  std::size_t raised = 0;
  for (const bool slower : {true, false}) {
    for (const Alert& alert : judgement.alerts) {
      if (alert.raised + 1 != history.nights.size() || alert.slower != slower) continue;
      text += new_alert(history, judgement, alert, most_lines);
      ++raised;
    }
  }
  text += suspected_text(history, judgement);
  text += earlier_text(history, judgement);
  return text + conclusion(history, judgement, raised);
}

}  // namespace podbench::track
