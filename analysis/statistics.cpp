#include "analysis/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <limits>

namespace podbench {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

std::uint64_t upper_median(std::span<std::uint64_t> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::uint64_t upper_p99(std::span<std::uint64_t> values) {
  if (values.empty()) return 0;
  const auto place = values.begin() + static_cast<std::ptrdiff_t>((99 * values.size() + 99) / 100 - 1);
  std::nth_element(values.begin(), place, values.end());
  return *place;
}

double quantile(std::span<const double> sorted, double q) {
  if (sorted.empty()) return nan;
  const double at = static_cast<double>(sorted.size() - 1) * std::clamp(q, 0.0, 1.0);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], at - static_cast<double>(below));
}

double median(std::vector<double> values) {
  if (values.empty()) return nan;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

std::size_t median_interval_rank(std::size_t n, double confidence) {
  if (n == 0) return 0;
  // Coverage of [x_k, x_(n+1-k)] is 1 − 2 P(B ≤ k − 1). Far from the tails a normal guess is within one or
  // two of the exact k, which the loops then find.
  const boost::math::binomial_distribution<double> half(static_cast<double>(n), 0.5);
  const double tail = (1 - confidence) / 2;
  const auto allowed = [&](std::size_t k) {
    return boost::math::cdf(half, static_cast<double>(k) - 1) <= tail;
  };
  const double z = 1.96 * std::sqrt(static_cast<double>(n)) / 2;
  auto k = static_cast<std::size_t>(std::max(1.0, static_cast<double>(n) / 2 - z));
  while (k > 1 && !allowed(k)) --k;
  if (!allowed(k)) return 0;
  while (k + 1 <= (n + 1) / 2 && allowed(k + 1)) ++k;
  return k;
}

Interval median_interval(std::span<const double> sorted, double confidence) {
  const std::size_t n = sorted.size(), k = median_interval_rank(n, confidence);
  if (k == 0) return {nan, nan, 0};
  const boost::math::binomial_distribution<double> half(static_cast<double>(n), 0.5);
  return {sorted[k - 1], sorted[n - k], 1 - 2 * boost::math::cdf(half, static_cast<double>(k) - 1)};
}

Middle middle_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const Interval interval = median_interval(values);
  if (interval.coverage > 0) return {quantile(values, 0.5), interval.lo, interval.hi};
  return {quantile(values, 0.5), values.front(), values.back()};
}

StoppingRule::StoppingRule(double relative, std::size_t least)
    : relative_(relative),
      next_look_(std::max<std::size_t>(least, 6)),
      reached_(std::numeric_limits<double>::infinity()) {}

bool StoppingRule::enough(std::span<const std::uint64_t> samples) {
  if (enough_ || samples.size() < next_look_) return enough_;
  next_look_ = samples.size() + std::max<std::size_t>(samples.size() / 4, 1);
  work_.assign(samples.begin(), samples.end());
  const std::size_t n = work_.size(), k = median_interval_rank(n);
  const auto lo = work_.begin() + static_cast<std::ptrdiff_t>(k - 1);
  const auto middle = work_.begin() + static_cast<std::ptrdiff_t>(n / 2);
  const auto hi = work_.begin() + static_cast<std::ptrdiff_t>(n - k);
  // lo < middle < hi for every n that has an interval; each selection leaves the ones before in their place.
  std::nth_element(work_.begin(), lo, work_.end());
  std::nth_element(lo + 1, middle, work_.end());
  std::nth_element(middle + 1, hi, work_.end());
  const double half_width = static_cast<double>(*hi - *lo) / 2;
  reached_ = *middle == 0 ? (half_width == 0 ? 0 : std::numeric_limits<double>::infinity())
                          : half_width / static_cast<double>(*middle);
  enough_ = reached_ <= relative_;
  return enough_;
}

bool converged(std::span<const std::uint64_t> samples, double relative, std::size_t least) {
  return StoppingRule(relative, least).enough(samples);
}

}  // namespace podbench
