#include "analysis/track/group.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

namespace podbench::track {
namespace {

// The last nights before a change may belong to it already in another series.
constexpr std::size_t nights_compared = 60, least_nights_compared = 20, nights_unsure = 3;
constexpr double moves_together = 0.5;
// A factor tells something where so large a share of what moved has it, and so large a share of what has it
// moved; more than a few tell nothing.
constexpr double telling = 0.8, reaching = 0.25;
constexpr std::size_t most_factors = 3;

struct FactorOf {
  const char* name;
  std::string (*text)(const History&, const SeriesKey&);
};

std::string hosts_of(const History& history, const SeriesKey& series) {
  return fmt::format("{}", fmt::join(history.environments[series.environment].hosts, ","));
}

constexpr std::array<FactorOf, 9> factors = {{
    {"hosts", hosts_of},
    {"transport", [](const History&, const SeriesKey& of) { return of.key.transport; }},
    {"pattern", [](const History&, const SeriesKey& of) { return of.key.pattern; }},
    {"algorithm", [](const History&, const SeriesKey& of) { return of.key.algorithm; }},
    {"bytes", [](const History&, const SeriesKey& of) { return std::to_string(of.key.bytes); }},
    {"ranks", [](const History&, const SeriesKey& of) { return std::to_string(of.key.ranks); }},
    {"nodes", [](const History&, const SeriesKey& of) { return std::to_string(of.key.nodes); }},
    {"datatype", [](const History&, const SeriesKey& of) { return of.key.datatype; }},
    {"cadence", [](const History&, const SeriesKey& of) { return of.key.cadence; }},
}};

// Logarithms of the nights before a change, each about their mean and of length 1; NaN where there is none.
using Shape = std::array<double, nights_compared>;

Shape shape_before(const History& history, const Change& change, std::size_t night) {
  Shape shape;
  shape.fill(std::nan(""));
  const double* const row = history.row(change.metric, change.series);
  const std::size_t end = night - std::min(night, nights_unsure);
  double sum = 0, squares = 0, count = 0;
  for (std::size_t back = 1; back <= std::min(nights_compared, end); ++back) {
    const double value = std::log(row[end - back]);
    if (!std::isfinite(value)) continue;
    shape[back - 1] = value;
    sum += value;
    squares += value * value;
    ++count;
  }
  if (count < least_nights_compared) return shape;
  const double mean = sum / count, length = std::sqrt(std::max(squares - count * mean * mean, 1e-300));
  for (double& value : shape) value = (value - mean) / length;
  return shape;
}

double correlation(const Shape& a, const Shape& b) {
  double products = 0, a_squares = 0, b_squares = 0;
  std::size_t common = 0;
  for (std::size_t i = 0; i < nights_compared; ++i) {
    if (std::isnan(a[i]) || std::isnan(b[i])) continue;
    products += a[i] * b[i];
    a_squares += a[i] * a[i];
    b_squares += b[i] * b[i];
    ++common;
  }
  if (common < least_nights_compared || a_squares <= 0 || b_squares <= 0) return 0;
  return products / std::sqrt(a_squares * b_squares);
}

// An alert while it gathers its changes.
struct Open {
  std::set<std::string> transports, patterns;
  std::set<std::size_t> environments;
  Shape shape;  // of its first change
};

bool related(const History& history, const Alert& alert, const Open& open, const Change& change) {
  const SeriesKey& series = history.series[change.series];
  if (open.transports.contains(series.key.transport) || open.patterns.contains(series.key.pattern))
    return true;
  if (history.environments.size() > 1 && open.environments.contains(series.environment)) return true;
  return correlation(open.shape, shape_before(history, change, alert.night)) >= moves_together;
}

bool same_time(const Alert& alert, const Change& change) {
  constexpr std::size_t slack = 1;
  return alert.slower == change.slower && alert.night + slack >= change.earliest &&
         alert.night <= change.latest + slack;
}

void add(const History& history, Alert& alert, Open& open, std::size_t at, const Change& change) {
  const SeriesKey& series = history.series[change.series];
  alert.changes.push_back(at);
  open.transports.insert(series.key.transport);
  open.patterns.insert(series.key.pattern);
  open.environments.insert(series.environment);
}

}  // namespace

void group(const History& history, Judgement& judgement) {
  std::vector<Open> opened;
  for (std::size_t at = 0; at < judgement.changes.size(); ++at) {
    Change& change = judgement.changes[at];
    std::size_t alert = 0;
    while (alert < judgement.alerts.size() &&
           !(same_time(judgement.alerts[alert], change) &&
             related(history, judgement.alerts[alert], opened[alert], change)))
      ++alert;
    if (alert == judgement.alerts.size()) {
      judgement.alerts.push_back({change.confirmed, change.night, change.slower, {}});
      opened.push_back({{}, {}, {}, shape_before(history, change, change.night)});
    }
    change.alert = alert;
    add(history, judgement.alerts[alert], opened[alert], at, change);
  }
}

CommonGround common_ground(const History& history, const Judgement& judgement, const Alert& alert) {
  std::set<std::size_t> moved;
  for (const std::size_t at : alert.changes) moved.insert(judgement.changes[at].series);
  std::vector<std::size_t> measured;
  for (std::size_t series = 0; series < history.series.size(); ++series)
    if (history.row(Metric::p50, series)[alert.raised] > 0) measured.push_back(series);
  CommonGround ground;
  ground.moved = moved.size();
  ground.measured = measured.size();
  if (ground.moved < 2) return ground;  // its own name says it all
  for (const FactorOf& factor : factors) {
    std::map<std::string, CommonFactor> by_value;
    for (const std::size_t series : measured) {
      CommonFactor& of = by_value[factor.text(history, history.series[series])];
      ++of.with_value;
      of.moved += moved.contains(series) ? 1 : 0;
    }
    if (by_value.size() < 2) continue;  // what all share explains nothing
    for (auto& [value, of] : by_value) {
      const auto count = static_cast<double>(of.moved);
      if (count < telling * static_cast<double>(ground.moved)) continue;
      if (count < reaching * static_cast<double>(of.with_value)) continue;
      of.name = factor.name;
      of.value = value;
      ground.factors.push_back(of);
    }
  }
  // The most telling: of whose series the largest share moved.
  std::stable_sort(ground.factors.begin(), ground.factors.end(),
                   [](const CommonFactor& a, const CommonFactor& b) {
                     return a.moved * b.with_value > b.moved * a.with_value;
                   });
  if (ground.factors.size() > most_factors) ground.factors.resize(most_factors);
  return ground;
}

}  // namespace podbench::track
