// The same cases over several runs: how far each is from its own median, by time. `podbench track` judges;
// this shows.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/report/run/parts.hpp"
#include "analysis/statistics.hpp"
#include "base/utc.hpp"

namespace podbench::report {
namespace {

constexpr std::size_t least_runs = 3, most_curves = 12;

struct Series {
  const CaseSummary* newest = nullptr;
  std::vector<double> when_s, p50_ns;
  double median_ns = 0;
  [[nodiscard]] double change_percent() const { return 100 * (p50_ns.back() / median_ns - 1); }
};

std::vector<Series> series_of(const std::vector<RunSummary>& history) {
  std::map<std::uint64_t, Series> by_id;
  for (const RunSummary& run : history) {
    const double when = utc_seconds(run.run.started_utc);
    for (const CaseSummary& one : run.cases) {
      if (!(one.p50_ns > 0) || !std::isfinite(when)) continue;
      Series& series = by_id[one.key.series_id()];
      series.newest = &one;
      series.when_s.push_back(when);
      series.p50_ns.push_back(one.p50_ns);
    }
  }
  std::vector<Series> all;
  for (auto& [id, series] : by_id) {
    if (series.p50_ns.size() < least_runs) continue;
    std::vector<double> sorted = series.p50_ns;
    std::sort(sorted.begin(), sorted.end());
    series.median_ns = quantile(sorted, 0.5);
    all.push_back(std::move(series));
  }
  std::stable_sort(all.begin(), all.end(), [](const Series& a, const Series& b) {
    return std::fabs(a.change_percent()) > std::fabs(b.change_percent());
  });
  return all;
}

Chart chart_of(const std::vector<Series>& all) {
  Chart chart{.title = "Distance from a case's own median",
              .note = "Above 0 is slower.",
              .x = {"run", Unit::utc_seconds, false},
              .y = {"change of p50", Unit::percent, false},
              .curves = {}};
  if (all.size() > most_curves)
    chart.note +=
        fmt::format(" The {} cases whose newest run is farthest from it; all are in the table.", most_curves);
  for (std::size_t i = 0; i < std::min(all.size(), most_curves); ++i) {
    Curve curve{.label = all[i].newest->key.name(), .x = all[i].when_s, .y = {}};
    for (const double p50 : all[i].p50_ns) {
      curve.y.push_back(100 * (p50 / all[i].median_ns - 1));
      curve.notes.push_back(format_number(p50, Unit::time_ns));
    }
    chart.curves.push_back(std::move(curve));
  }
  return chart;
}

}  // namespace

void add_history(Page& page, const std::vector<RunSummary>& history) {
  if (history.size() < least_runs) return;
  const std::vector<Series> all = series_of(history);
  if (all.empty()) return;
  page.section("History", fmt::format("{} runs. Whether a change is more than noise, `podbench track` says.",
                                      history.size()));
  page.add(chart_of(all));
  Table table{.title = "Newest run against the cases' own medians",
              .headings = {"case", "runs", "median", "newest", "change"},
              .rows = {}};
  for (const Series& series : all)
    table.rows.push_back({text_cell(series.newest->key.name()),
                          number_cell(static_cast<double>(series.p50_ns.size()), Unit::count),
                          number_cell(series.median_ns, Unit::time_ns),
                          number_cell(series.p50_ns.back(), Unit::time_ns),
                          number_cell(series.change_percent(), Unit::percent)});
  page.add(std::move(table));
}

}  // namespace podbench::report
