#include "analysis/compare/geometric_mean.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

namespace podbench::compare {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// How far each launch moves the mean: side, file, launch -> its share of all cases' deviations.
using Pulls = std::map<std::tuple<bool, std::size_t, int>, double>;

void add_pulls(const std::vector<LaunchValue>& launches, bool is_next, double LaunchValue::*value,
               double weight, Pulls& pulls) {
  const auto n = static_cast<double>(launches.size());
  double mean = 0;
  for (const LaunchValue& launch : launches) mean += std::log(launch.*value) / n;
  const double unbiased = std::sqrt(n / (n - 1));
  for (const LaunchValue& launch : launches)
    pulls[{is_next, launch.file, launch.launch}] +=
        (is_next ? 1 : -1) * (std::log(launch.*value) - mean) / n * unbiased * weight;
}

}  // namespace

GeometricMean geometric_mean(const Matching& matching, const std::vector<Decision>& decisions,
                             double LaunchValue::*value) {
  GeometricMean result{matching.cases.size(), nan, nan, nan};
  if (matching.cases.empty()) return result;
  const auto cases = static_cast<double>(matching.cases.size());
  double sum = 0;
  for (const Decision& decision : decisions) sum += std::log(decision.ratio);
  result.ratio = std::exp(sum / cases);
  std::size_t fewest = std::numeric_limits<std::size_t>::max();
  for (const MatchedCase& matched : matching.cases)
    fewest = std::min({fewest, matched.base.size(), matched.next.size()});
  if (fewest < 2) return result;
  Pulls pulls;
  for (const MatchedCase& matched : matching.cases) {
    add_pulls(matched.base, false, value, 1 / cases, pulls);
    add_pulls(matched.next, true, value, 1 / cases, pulls);
  }
  double variance = 0;
  for (const auto& [launch, pull] : pulls) variance += pull * pull;
  const boost::math::students_t t(static_cast<double>(fewest) - 1);
  const double half = boost::math::quantile(t, 0.975) * std::sqrt(variance);
  result.lo = result.ratio * std::exp(-half);
  result.hi = result.ratio * std::exp(half);
  return result;
}

}  // namespace podbench::compare
