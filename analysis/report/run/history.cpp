// The same cases over several runs: how far each is from its own median, by time, and where `podbench track`
// finds that its level changed.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/report/run/parts.hpp"
#include "analysis/statistics.hpp"
#include "analysis/track/judge.hpp"
#include "analysis/track/words.hpp"

namespace podbench::report {
namespace {

// Curves within their noise say little: where no level changed, a few do.
constexpr std::size_t most_changed_curves = 12, most_steady_curves = 4;

struct Series {
  std::size_t at = 0;  // of History::series
  std::vector<double> when_s, p50_ns;
  double median_ns = 0;
  const track::Change* change = nullptr;  // its newest of p50; null: its level did not change
  [[nodiscard]] double distance_percent() const { return 100 * (p50_ns.back() / median_ns - 1); }
};

Series series_at(const track::History& history, std::size_t at) {
  Series series;
  series.at = at;
  const double* const row = history.row(track::Metric::p50, at);
  for (std::size_t night = 0; night < history.nights.size(); ++night) {
    if (!(row[night] > 0)) continue;
    series.when_s.push_back(history.nights[night].utc_seconds);
    series.p50_ns.push_back(row[night]);
  }
  series.median_ns = median(series.p50_ns);
  return series;
}

// Those whose level changed first, then those whose newest run is farthest from their median.
std::vector<Series> series_of(const track::History& history, const track::Judgement& judgement) {
  std::vector<Series> all;
  for (std::size_t at = 0; at < history.series.size(); ++at)
    if (Series series = series_at(history, at); series.p50_ns.size() >= least_history) {
      for (const track::Change& change : judgement.changes)
        if (change.series == at && change.metric == track::Metric::p50) series.change = &change;
      all.push_back(std::move(series));
    }
  std::stable_sort(all.begin(), all.end(), [](const Series& a, const Series& b) {
    if ((a.change != nullptr) != (b.change != nullptr)) return a.change != nullptr;
    return std::fabs(a.distance_percent()) > std::fabs(b.distance_percent());
  });
  return all;
}

Curve curve_of(const track::History& history, const Series& series) {
  Curve curve{.label = track::series_name(history, series.at), .x = series.when_s, .y = {}};
  for (const double p50_ns : series.p50_ns) {
    curve.y.push_back(100 * (p50_ns / series.median_ns - 1));
    curve.notes.push_back(format_number(p50_ns, Unit::time_ns));
  }
  return curve;
}

std::vector<Mark> marks_of(const track::History& history, const track::Judgement& judgement) {
  std::vector<Mark> marks;
  for (const track::Alert& alert : judgement.alerts)
    marks.push_back(
        {history.nights[alert.night].utc_seconds, track::extent_text(judgement, alert), alert.slower});
  return marks;
}

std::size_t curves_drawn(const std::vector<Series>& all) {
  const auto steady =
      std::find_if(all.begin(), all.end(), [](const Series& one) { return one.change == nullptr; });
  const auto changed = static_cast<std::size_t>(steady - all.begin());
  return changed > 0 ? std::min(changed, most_changed_curves) : std::min(all.size(), most_steady_curves);
}

Chart chart_of(const track::History& history, const track::Judgement& judgement,
               const std::vector<Series>& all) {
  Chart chart{.title = "Distance from a case's own median",
              .note = "Above 0 is slower.",
              .x = {"run", Unit::utc_seconds, false},
              .y = {"change of p50", Unit::percent, false},
              .curves = {},
              .marks = marks_of(history, judgement)};
  const std::size_t drawn = curves_drawn(all);
  if (drawn < all.size())
    chart.note += fmt::format(" {} of {} cases: {}; all are in the table.", drawn, all.size(),
                              all.front().change != nullptr ? "those whose level changed"
                                                            : "those whose newest run is farthest off");
  for (std::size_t i = 0; i < drawn; ++i) chart.curves.push_back(curve_of(history, all[i]));
  return chart;
}

std::vector<Cell> row_of(const track::History& history, const Series& series) {
  const track::Change* const change = series.change;
  return {text_cell(track::series_name(history, series.at)),
          number_cell(static_cast<double>(series.p50_ns.size()), Unit::count),
          number_cell(series.median_ns, Unit::time_ns),
          number_cell(series.p50_ns.back(), Unit::time_ns),
          number_cell(series.distance_percent(), Unit::percent),
          text_cell(change == nullptr ? "" : track::when_text(history, *change)),
          text_cell(change == nullptr ? "" : track::effect_text(change->effect),
                    change != nullptr && change->slower ? Tone::bad : Tone::plain)};
}

std::string changes_text(const track::Judgement& judgement) {
  if (judgement.judged == 0) return "Too few runs to tell a change of level from noise.";
  if (judgement.alerts.empty()) return "No level changed, as podbench track judges it.";
  return fmt::format("Levels changed on {} {}, as podbench track judges it; marked in the chart.",
                     judgement.alerts.size(), judgement.alerts.size() == 1 ? "occasion" : "occasions");
}

}  // namespace

void add_history(Page& page, const track::History& history) {
  const track::Judgement judgement = track::judge(history, {});
  const std::vector<Series> all = series_of(history, judgement);
  if (all.empty()) return;
  page.section("History", fmt::format("{} runs. {}", history.nights.size(), changes_text(judgement)));
  page.add(chart_of(history, judgement, all));
  Table table{.title = "Newest run against the cases' own medians",
              .headings = {"case", "runs", "median", "newest", "distance", "level changed", "by"},
              .rows = {}};
  for (const Series& series : all) table.rows.push_back(row_of(history, series));
  page.add(std::move(table));
}

}  // namespace podbench::report
