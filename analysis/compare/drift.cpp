#include "analysis/compare/drift.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/statistics.hpp"

namespace podbench::compare {
namespace {

constexpr std::size_t least_launches = 5;
// Slopes of all pairs are kept: more launches than this are thinned out evenly.
constexpr std::size_t most_launches = 1'000;

struct Mean {
  double sum = 0, count = 0;
  [[nodiscard]] double value() const { return sum / count; }
};

// By launch number, in order: how much slower it was than its cases are on average.
std::vector<double> launch_effects(const RunSummary& run) {
  std::map<int, Mean> effects;
  for (const CaseSummary& summary : run.cases) {
    Mean mean;
    for (const LaunchPoint& point : summary.points)
      if (std::isfinite(point.p50_ns) && point.p50_ns > 0) {
        mean.sum += std::log(point.p50_ns);
        mean.count += 1;
      }
    for (const LaunchPoint& point : summary.points)
      if (std::isfinite(point.p50_ns) && point.p50_ns > 0) {
        effects[point.launch].sum += std::log(point.p50_ns) - mean.value();
        effects[point.launch].count += 1;
      }
  }
  const std::size_t step = effects.size() / most_launches + 1;
  std::vector<double> values;
  std::size_t index = 0;
  for (const auto& [launch, effect] : effects)
    if (index++ % step == 0) values.push_back(effect.value());
  return values;
}

// The median slope of all pairs, over the whole length.
double sen_change(const std::vector<double>& values) {
  std::vector<double> slopes;
  for (std::size_t i = 0; i < values.size(); ++i)
    for (std::size_t j = i + 1; j < values.size(); ++j)
      slopes.push_back((values[j] - values[i]) / static_cast<double>(j - i));
  std::sort(slopes.begin(), slopes.end());
  return std::expm1(quantile(slopes, 0.5) * static_cast<double>(values.size() - 1));
}

}  // namespace

std::vector<Drift> drifts(std::span<const RunSummary> runs) {
  std::vector<Drift> found;
  for (const RunSummary& run : runs) {
    const std::vector<double> effects = launch_effects(run);
    if (effects.size() < least_launches) continue;
    const Drift drift{run.source, sen_change(effects), trend(effects).p_value};
    if (drift.p_value <= 0.01 && std::abs(drift.change) >= 0.01) found.push_back(drift);
  }
  return found;
}

}  // namespace podbench::compare
