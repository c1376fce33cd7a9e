#include "analysis/track/test/planted.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "base/random.hpp"
#include "base/utc.hpp"

namespace podbench::track::test {
namespace {

constexpr double seconds_per_day = 86'400, first_utc_seconds = 1'767'232'800;  // 2026-01-01T02:00:00Z

double normal(Random& random) {
  return std::sqrt(-2 * std::log(1 - random.unit())) * std::cos(2 * std::numbers::pi * random.unit());
}

Night night_at(std::size_t index) {
  Night night;
  night.utc_seconds = first_utc_seconds + static_cast<double>(index) * seconds_per_day;
  night.started_utc = format_utc(static_cast<std::int64_t>(night.utc_seconds) * 1'000'000'000);
  night.source = fmt::format("nightly/{}.h5", index);
  night.run_id = fmt::format("run-{}", index);
  night.program_version = "1.0";
  night.complete = true;
  return night;
}

}  // namespace

History first_nights(const History& history, std::size_t nights) {
  History result;
  result.environments = history.environments;
  result.series = history.series;
  result.nights.assign(history.nights.begin(), history.nights.begin() + static_cast<std::ptrdiff_t>(nights));
  for (const Metric metric : {Metric::p50, Metric::p99})
    for (std::size_t series = 0; series < history.series.size(); ++series) {
      const double* const row = history.row(metric, series);
      auto& values = result.values_ns[static_cast<std::size_t>(metric)];
      values.insert(values.end(), row, row + nights);
    }
  return result;
}

History planted(std::size_t nights, const std::vector<PlantedSeries>& series, double sd, std::uint64_t seed) {
  Random random(seed);
  History history;
  history.environments.push_back({"pod", {"node1", "node2"}});
  for (std::size_t night = 0; night < nights; ++night) history.nights.push_back(night_at(night));
  for (auto& values : history.values_ns) values.assign(series.size() * nights, std::nan(""));
  for (std::size_t i = 0; i < series.size(); ++i) {
    SeriesKey key;
    key.key.transport = series[i].transport;
    key.key.pattern = series[i].pattern;
    key.key.algorithm = "ring";
    key.key.datatype = "float32";
    key.key.ranks = 2;
    key.key.bytes = series[i].bytes + i;
    key.id = key.key.series_id();
    history.series.push_back(key);
    auto& values = history.values_ns[static_cast<std::size_t>(series[i].metric)];
    for (std::size_t night = 0; night < nights; ++night) {
      const bool changed = series[i].change > 0 && night >= series[i].change;
      values[i * nights + night] = 10'000 * (1 + sd * normal(random)) * (changed ? series[i].ratio : 1);
    }
    if (series[i].metric == Metric::p99) {  // what is measured has a median too
      for (std::size_t night = 0; night < nights; ++night)
        history.values_ns[0][i * nights + night] = 5'000 * (1 + sd * normal(random));
    }
  }
  return history;
}

}  // namespace podbench::track::test
