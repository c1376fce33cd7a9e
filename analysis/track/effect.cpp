#include "analysis/track/effect.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <vector>

#include "analysis/statistics.hpp"

namespace podbench::track {
namespace {

constexpr std::size_t most_side = 64;

std::vector<double> logarithms(std::span<const double> values) {
  std::vector<double> logs(values.size());
  std::transform(values.begin(), values.end(), logs.begin(), [](double value) { return std::log(value); });
  return logs;
}

// How many of the smallest differences lie outside of the interval.
std::size_t outside(double before, double after, double confidence, double inflation) {
  const double z = boost::math::quantile(boost::math::normal(), (1 + confidence) / 2);
  const double spread = inflation * std::sqrt(before * after * (before + after + 1) / 12);
  return static_cast<std::size_t>(std::max(0.0, std::floor(before * after / 2 - z * spread)));
}

}  // namespace

Effect effect_of(std::span<const double> before, std::span<const double> after, double confidence,
                 double inflation) {
  const std::vector<double> earlier = logarithms(before.last(std::min(before.size(), most_side)));
  const std::vector<double> later = logarithms(after.first(std::min(after.size(), most_side)));
  std::vector<double> differences;
  differences.reserve(earlier.size() * later.size());
  for (const double from : earlier)
    for (const double to : later) differences.push_back(to - from);
  std::sort(differences.begin(), differences.end());
  const std::size_t k =
      outside(static_cast<double>(earlier.size()), static_cast<double>(later.size()), confidence, inflation);
  const std::size_t low = std::min(k, (differences.size() - 1) / 2);
  return {std::exp(quantile(differences, 0.5)), std::exp(differences[low]),
          std::exp(differences[differences.size() - 1 - low])};
}

}  // namespace podbench::track
