#include "analysis/track/self_test.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>

#include "base/random.hpp"

namespace podbench::track {
namespace {

constexpr std::size_t year = 365, block = 7, least_nights = 30;
constexpr std::size_t first_step = 120, last_step = 345;  // between which steps are planted

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Each night over the median of its level; levels end where changes were found.
std::vector<double> residuals_of(const History& history, std::size_t series,
                                 std::vector<std::size_t> bounds) {
  const double* const row = history.row(Metric::p50, series);
  bounds.insert(bounds.begin(), 0);
  bounds.push_back(history.nights.size());
  std::sort(bounds.begin(), bounds.end());
  std::vector<double> residuals;
  for (std::size_t i = 0; i + 1 < bounds.size(); ++i) {
    std::vector<double> level;
    for (std::size_t night = bounds[i]; night < bounds[i + 1]; ++night)
      if (row[night] > 0) level.push_back(row[night]);
    if (level.empty()) continue;
    const double middle = median_of(level);
    for (const double value : level) residuals.push_back(value / middle);
  }
  return residuals;
}

std::vector<std::vector<double>> all_residuals(const History& history, const Judgement& judgement) {
  std::vector<std::vector<std::size_t>> bounds(history.series.size());
  for (const Change& change : judgement.changes)
    if (change.metric == Metric::p50) bounds[change.series].push_back(change.night);
  std::vector<std::vector<double>> all;
  for (std::size_t series = 0; series < history.series.size(); ++series) {
    std::vector<double> residuals = residuals_of(history, series, bounds[series]);
    if (residuals.size() >= least_nights) all.push_back(std::move(residuals));
  }
  return all;
}

// A year of one series, in blocks.
void copy_year(const std::vector<double>& residuals, double* row, Random& random) {
  for (std::size_t night = 0; night < year;) {
    const std::size_t from = random.below(residuals.size() - block + 1);
    for (std::size_t i = 0; i < block && night < year; ++i) row[night++] = residuals[from + i];
  }
}

struct Copies {
  History history;
  std::vector<std::size_t> steps;  // by series: the first night of the new level
};

Copies copies_of(const std::vector<std::vector<double>>& residuals, std::size_t count, double step,
                 Random& random) {
  Copies copies;
  copies.history.environments.emplace_back();
  copies.history.nights.resize(year);
  for (auto& values : copies.history.values_ns) values.assign(count * year, std::nan(""));
  for (std::size_t i = 0; i < count; ++i) {
    copies.history.series.push_back({{}, i, 0});
    double* const row = copies.history.values_ns[0].data() + i * year;
    copy_year(residuals[i % residuals.size()], row, random);
    copies.steps.push_back(first_step + random.below(last_step - first_step));
    for (std::size_t night = copies.steps[i]; night < year; ++night) row[night] *= step;
  }
  return copies;
}

StepFound measure(const Copies& copies, double step, const std::vector<Change>& changes) {
  std::vector<double> nights(copies.steps.size(), INFINITY);
  for (const Change& change : changes) {
    const std::size_t planted = copies.steps[change.series];
    if (change.confirmed < planted) continue;
    const auto took = static_cast<double>(change.confirmed - planted + 1);
    nights[change.series] = std::min(nights[change.series], took);
  }
  std::sort(nights.begin(), nights.end());
  StepFound found;
  found.step = step;
  found.found = static_cast<double>(
                    std::count_if(nights.begin(), nights.end(), [](double n) { return std::isfinite(n); })) /
                static_cast<double>(nights.size());
  found.median_nights = nights[nights.size() / 2];
  found.nights_90 = nights[nights.size() * 9 / 10];
  return found;
}

}  // namespace

SelfTest self_test(const History& history, const Judgement& judgement, const Rules& rules,
                   const SelfTestRequest& request) {
  SelfTest result;
  const auto residuals = all_residuals(history, judgement);
  result.series = residuals.size();
  if (residuals.empty()) return result;
  Random random(request.seed);
  // Copies share no night, so each is a family of its own; a year without a step has no alert that is not
  // false.
  Rules alone = rules;
  alone.false_discovery = 1;
  result.series_years = request.series_years;
  const Copies quiet = copies_of(residuals, request.series_years, 1, random);
  const auto alerts = static_cast<double>(judge(quiet.history, alone, request.threads).changes.size());
  const auto years = static_cast<double>(request.series_years);
  using boost::math::chi_squared;
  result.false_alerts = alerts / years;
  result.false_low = alerts > 0 ? quantile(chi_squared(2 * alerts), 0.025) / 2 / years : 0;
  result.false_high = quantile(chi_squared(2 * alerts + 2), 0.975) / 2 / years;
  for (const double step : request.steps) {
    const Copies stepped = copies_of(residuals, request.series_years, step, random);
    result.steps.push_back(measure(stepped, step, judge(stepped.history, alone, request.threads).changes));
  }
  return result;
}

std::string self_test_text(const SelfTest& result) {
  if (result.series == 0)
    return fmt::format("Too little history for a self-test: it needs a series with {} nights.\n",
                       least_nights);
  std::string text = fmt::format(
      "Replayed {} years of nights drawn from {} series of this history, each judged by itself.\n"
      "False alerts a series-year: {:.4f} (95% between {:.4f} and {:.4f})\n\n"
      "{:>8}  {:>8}  {:>14}  {:>16}\n",
      result.series_years, result.series, result.false_alerts, result.false_low, result.false_high, "step",
      "found", "median nights", "nights for 90%");
  for (const StepFound& step : result.steps)
    text += fmt::format("{:>+7.0f}%  {:>7.1f}%  {:>14.0f}  {:>16.0f}\n", 100 * (step.step - 1),
                        100 * step.found, step.median_nights, step.nights_90);
  return text;
}

}  // namespace podbench::track
