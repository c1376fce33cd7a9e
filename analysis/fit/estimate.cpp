#include "analysis/fit/estimate.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <numeric>

#include "analysis/statistics.hpp"

namespace podbench::fit {
namespace {

constexpr double upper = 0.975;

double t_quantile(double degrees_of_freedom) {
  return boost::math::quantile(boost::math::students_t_distribution<double>(degrees_of_freedom), upper);
}

}  // namespace

Estimate by_launches(double value, std::vector<double> launches) {
  std::erase_if(launches, [](double figure) { return !std::isfinite(figure); });
  std::sort(launches.begin(), launches.end());
  if (const Interval between = median_interval(launches); between.coverage > 0)
    return {value, std::min(value, between.lo), std::max(value, between.hi)};
  const auto n = static_cast<double>(launches.size());
  if (n < 2) return {value};
  const double mean = std::accumulate(launches.begin(), launches.end(), 0.0) / n;
  double squares = 0;
  for (const double figure : launches) squares += (figure - mean) * (figure - mean);
  const double half = t_quantile(n - 1) * std::sqrt(squares / (n - 1) / n);
  return {value, std::min(value, mean - half), std::max(value, mean + half)};
}

Estimate by_error(double value, double standard_error, double degrees_of_freedom) {
  if (!std::isfinite(standard_error) || !(degrees_of_freedom > 0)) return {value};
  const double half = t_quantile(degrees_of_freedom) * standard_error;
  return {value, value - half, value + half};
}

Estimate inverse(const Estimate& estimate) {
  if (!(estimate.value > 0)) return {};
  // A lower bound at or below 0 leaves the inverse without an upper one.
  if (!estimate.has_interval() || !(estimate.lo > 0)) return {1 / estimate.value};
  return {1 / estimate.value, 1 / estimate.hi, 1 / estimate.lo};
}

}  // namespace podbench::fit
