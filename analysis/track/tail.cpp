#include "analysis/track/tail.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numeric>

#include "analysis/statistics.hpp"

namespace podbench::track {
namespace {

constexpr double normal_per_iqr = 1 / 1.3489795;
constexpr double unseen_nights = 0.25;  // at either largest score
constexpr double steepest = 40;         // of the tilt: further out only the largest scores count

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double sd_of(std::span<const double> values) {
  const double mean = mean_of(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size()));
}

// The logarithm of the mean of exp(t · (score − about)), and its derivatives in t, all scores times `sign`.
struct Cumulants {
  double k = 0, first = 0, second = 0;
};

Cumulants cumulants(std::span<const double> scores, double sign, double about, double t) {
  double zero = 0, one = 0, two = 0;
  const auto add = [&](double score, double weight) {
    const double a = sign * score - about, tilted = weight * std::exp(t * a);
    zero += tilted;
    one += a * tilted;
    two += a * a * tilted;
  };
  for (const double score : scores) add(score, 1);
  add(largest_score, unseen_nights);
  add(-largest_score, unseen_nights);
  const double mean = one / zero;
  return {std::log(zero / (static_cast<double>(scores.size()) + 2 * unseen_nights)), mean,
          two / zero - mean * mean};
}

// The deviate when all draws are as large as scores can be.
double extreme_deviate(std::span<const double> scores, double sign, double after) {
  const auto largest = static_cast<double>(std::count_if(scores.begin(), scores.end(), [sign](double score) {
    return sign * score > largest_score * (1 - 1e-6);
  }));
  const double p = (largest + unseen_nights) / (static_cast<double>(scores.size()) + 2 * unseen_nights);
  const double log_p = std::max(after * std::log(p), -600.0);
  return boost::math::quantile(boost::math::complement(boost::math::normal(), std::exp(log_p)));
}

// For means above that of `before`.
double upper_deviate(std::span<const double> before, double after, double mean, double sign) {
  if (sign * mean > largest_score * 0.999) return extreme_deviate(before, sign, after);
  const double about = sign * mean_of(before), wanted = sign * mean - about;
  double t = std::min(wanted, steepest);
  Cumulants at = cumulants(before, sign, about, t);
  for (int i = 0; i < 40 && std::abs(at.first - wanted) > 1e-6; ++i) {
    t = std::min(std::clamp(t + (wanted - at.first) / at.second, t / 2, 2 * t), steepest);
    at = cumulants(before, sign, about, t);
  }
  const double w = std::sqrt(std::max(2 * after * (t * wanted - at.k), 1e-12));
  const double v = t * std::sqrt(after * at.second);
  return v > 0 ? w + std::log(v / w) / w : w;
}

}  // namespace

double Centre::score(double value) const {
  return scale > 0 ? std::clamp((value - median) / scale, -largest_score, largest_score) : 0;
}

Centre centre_of(std::span<const double> sorted) {
  Centre centre;
  centre.median = quantile(sorted, 0.5);
  centre.scale = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) * normal_per_iqr;
  if (!(centre.scale > 0)) centre.scale = sd_of(sorted);
  return centre;
}

std::vector<double> robust_scores(std::span<const double> values, const Centre& centre) {
  std::vector<double> scores(values.size());
  std::transform(values.begin(), values.end(), scores.begin(), [&](double v) { return centre.score(v); });
  return scores;
}

std::vector<double> robust_scores(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  return robust_scores(values, centre_of(sorted));
}

double mean_deviate(std::span<const double> before, std::size_t after, double mean) {
  const auto m = static_cast<double>(after), n = static_cast<double>(before.size()) + m;
  const double estimated = std::sqrt((n - m) / n);
  const double from = mean_of(before);
  if (mean == from) return 0;
  return mean > from ? estimated * upper_deviate(before, m, mean, 1)
                     : -estimated * upper_deviate(before, m, mean, -1);
}

AutocorrelationInflation::AutocorrelationInflation(std::size_t n, double rho) : n_(n), rho_(rho) {
  if (rho <= 0) return;
  powers_.assign(n + 1, 1);
  for (std::size_t i = 1; i <= n; ++i) powers_[i] = powers_[i - 1] * rho;
}

// Of the sum of `count` neighbours of a process of variance 1.
double AutocorrelationInflation::sum_variance(std::size_t count) const {
  return static_cast<double>(count) * (1 + rho_) / (1 - rho_) -
         2 * rho_ * (1 - powers_[count]) / ((1 - rho_) * (1 - rho_));
}

double AutocorrelationInflation::operator()(std::size_t after) const {
  if (powers_.empty()) return 1;
  const auto end = static_cast<double>(after), begin = static_cast<double>(n_ - after);
  const double end_variance = sum_variance(after), begin_variance = sum_variance(n_ - after);
  const double covariance = (sum_variance(n_) - end_variance - begin_variance) / 2;
  const double correlated =
      end_variance / (end * end) + begin_variance / (begin * begin) - 2 * covariance / (end * begin);
  return std::sqrt(std::max(1.0, correlated / (1 / end + 1 / begin)));
}

}  // namespace podbench::track
