#include "analysis/track/judge.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <tuple>

#include "analysis/statistics.hpp"
#include "analysis/track/discovery.hpp"
#include "analysis/track/group.hpp"
#include "analysis/track/parallel.hpp"
#include "analysis/track/series_watch.hpp"
#include "analysis/track/tail.hpp"
#include "analysis/track/window.hpp"

namespace podbench::track {
namespace {

constexpr std::size_t level_nights = 64;   // of which a level's median and spread are taken
constexpr double normal_per_mad = 1.4826;  // makes the median absolute deviation a standard deviation

// One series of one metric on its way through the nights.
struct Watched {
  std::vector<double> values;
  std::vector<std::size_t> nights;  // of the history, one a value
  std::unique_ptr<SeriesWatch> watch;
  Suspicion suspicion;

  [[nodiscard]] std::span<const double> range(std::size_t begin, std::size_t end) const {
    return std::span(values).subspan(begin, end - begin);
  }
  [[nodiscard]] std::vector<double> copy(std::size_t begin, std::size_t end) const {
    const auto part = range(begin, end);
    return {part.begin(), part.end()};
  }
};

// Whether what the scan saw is also large enough, and the newest night itself lies on the new level's side:
// no alert is raised by a night that looks as nights did before.
bool stands(const Watched& watched, const Suspicion& seen, double least_effect) {
  const double before = median(watched.copy(seen.window_begin, seen.change));
  const double after = median(watched.copy(seen.change, seen.night + 1));
  if (std::abs(std::log(after / before)) < std::log1p(least_effect)) return false;
  const double middle = std::sqrt(before * after);
  return (watched.values[seen.night] > middle) == (after > before);
}

class MetricJudge {
 public:
  MetricJudge(const History& history, Metric metric, const Rules& rules, unsigned threads)
      : history_(history),
        metric_(metric),
        rules_(rules),
        threads_(threads),
        alert_(rules.alert_p),
        suspect_(rules.suspect_p),
        watched_(history.series.size()),
        standings_(history.series.size()),
        family_(history.nights.size()) {}

  void run() {
    for_each_index(history_.series.size(), threads_, [&](std::size_t series) { begin(series); });
    for (std::size_t series = 0; series < watched_.size(); ++series) count_family(series);
    for (std::size_t series = 0; series < watched_.size(); ++series) wait(series);
    while (!waiting_.empty()) {
      const auto [night, series] = *waiting_.begin();
      waiting_.erase(waiting_.begin());
      decide(night, series);
      for_each_index(series.size(), threads_, [&, &these = series](std::size_t i) { advance(these[i]); });
      for (const std::size_t one : series) wait(one);
    }
  }

  std::vector<Change> changes;
  [[nodiscard]] std::vector<Standing>& standings() { return standings_; }

 private:
  void begin(std::size_t series) {
    auto watched = std::make_unique<Watched>();
    const double* const row = history_.row(metric_, series);
    for (std::size_t night = 0; night < history_.nights.size(); ++night) {
      if (!(row[night] > 0) || !std::isfinite(row[night])) continue;
      watched->values.push_back(row[night]);
      watched->nights.push_back(night);
    }
    watched->watch = std::make_unique<SeriesWatch>(watched->values, alert_);
    watched_[series] = std::move(watched);
    advance(series);
  }

  void advance(std::size_t series) {
    Watched& watched = *watched_[series];
    while (const auto seen = watched.watch->next()) {
      if (!stands(watched, *seen, rules_.least_effect)) continue;
      watched.suspicion = *seen;
      return;
    }
    end(series);
  }

  // At the newest night: how the series stands, and its memory goes.
  void end(std::size_t series) {
    const Watched& watched = *watched_[series];
    Standing& standing = standings_[series];
    standing.points = watched.values.size();
    if (standing.points > 0) {
      standing.tonight = watched.nights.back() + 1 == history_.nights.size();
      standing.window = watched.watch->window_size();
      const std::size_t level = watched.watch->level_begin();
      standing.level_begin = watched.nights[level];
      describe_level(watched, level, standing);
      const auto seen = watched.watch->now(suspect_);
      if (seen && stands(watched, *seen, rules_.least_effect)) {
        standing.suspected = true;
        standing.suspected_night = watched.nights[seen->change];
        standing.suspected_p = seen->p_value;
      }
    }
    watched_[series].reset();
  }

  static void describe_level(const Watched& watched, std::size_t begin, Standing& standing) {
    const std::size_t end = watched.values.size();
    std::vector<double> level = watched.copy(std::max(begin, end - std::min(end, level_nights)), end);
    standing.level_ns = median(level);
    for (double& value : level) value = std::abs(value / standing.level_ns - 1);
    standing.spread = normal_per_mad * median(std::move(level));
  }

  void count_family(std::size_t series) {
    const double* const row = history_.row(metric_, series);
    std::size_t points = 0;
    for (std::size_t night = 0; night < family_.size(); ++night)
      if (row[night] > 0 && ++points >= least_window) ++family_[night];
  }

  void wait(std::size_t series) {
    if (watched_[series])
      waiting_[watched_[series]->nights[watched_[series]->suspicion.night]].push_back(series);
  }

  // Which of the series that have something improbable this night are changed.
  void decide(std::size_t night, const std::vector<std::size_t>& series) {
    std::vector<double> p_values;
    for (const std::size_t one : series) p_values.push_back(watched_[one]->suspicion.p_value);
    const std::vector<double> q = q_values(p_values, std::max(family_[night], series.size()));
    for (std::size_t i = 0; i < series.size(); ++i) {
      if (q[i] > rules_.false_discovery) continue;
      changes.push_back(change_of(series[i], q[i]));
      watched_[series[i]]->watch->accept();
    }
  }

  Change change_of(std::size_t series, double q_value) const {
    const Watched& watched = *watched_[series];
    const Suspicion& seen = watched.suspicion;
    const std::size_t after = seen.night + 1 - seen.change, all = seen.night + 1 - seen.window_begin;
    Change change;
    change.series = series;
    change.metric = metric_;
    change.night = watched.nights[seen.change];
    change.earliest = watched.nights[seen.earliest];
    change.latest = watched.nights[seen.latest];
    change.confirmed = watched.nights[seen.night];
    change.slower = seen.deviate > 0;
    change.effect =
        effect_of(watched.range(seen.window_begin, seen.change), watched.range(seen.change, seen.night + 1),
                  rules_.confidence, AutocorrelationInflation(all, seen.rho)(after));
    change.before_ns = median(watched.copy(seen.window_begin, seen.change));
    change.after_ns = median(watched.copy(seen.change, seen.night + 1));
    change.p_value = seen.p_value;
    change.q_value = q_value;
    change.rho = seen.rho;
    return change;
  }

  const History& history_;
  Metric metric_;
  const Rules& rules_;
  unsigned threads_;
  Thresholds alert_, suspect_;
  std::vector<std::unique_ptr<Watched>> watched_;  // null once its last night is judged
  std::vector<Standing> standings_;
  std::vector<std::size_t> family_;                          // by night: series that can be judged
  std::map<std::size_t, std::vector<std::size_t>> waiting_;  // by night: series with something improbable
};

}  // namespace

Judgement judge(const History& history, const Rules& rules, unsigned threads) {
  Judgement judgement;
  for (const Metric metric : {Metric::p50, Metric::p99}) {
    MetricJudge judge(history, metric, rules, threads);
    judge.run();
    judgement.changes.insert(judgement.changes.end(), judge.changes.begin(), judge.changes.end());
    auto& standings = judgement.standings[static_cast<std::size_t>(metric)];
    standings = std::move(judge.standings());
    judgement.judged += static_cast<std::size_t>(std::count_if(
        standings.begin(), standings.end(),
        [](const Standing& standing) { return standing.tonight && standing.points >= least_window; }));
  }
  std::sort(judgement.changes.begin(), judgement.changes.end(), [](const Change& a, const Change& b) {
    return std::tie(a.confirmed, a.p_value, a.series, a.metric) <
           std::tie(b.confirmed, b.p_value, b.series, b.metric);
  });
  group(history, judgement);
  return judgement;
}

}  // namespace podbench::track
