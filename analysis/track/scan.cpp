#include "analysis/track/scan.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "analysis/track/tail.hpp"
#include "analysis/track/window.hpp"

namespace podbench::track {
namespace {

constexpr std::size_t short_end = 16;  // longer means are normal
constexpr double dull = 2.2;           // deviates below this are not worth an exact tail
constexpr double hopeless = 1;         // nor those so far below the largest
// A step that matters is to be found within nights: the first looks at it get more of the false alarms that
// are allowed than the many that come later.
constexpr std::size_t early_end = 5;
constexpr double late_weight = 0.93;

double mean_of(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double variance_of(std::span<const double> values) {
  const double mean = mean_of(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return squares / static_cast<double>(values.size() - 1);
}

}  // namespace

std::vector<Split> scan_roughly(std::span<const double> scores, double rho) {
  const std::size_t n = scores.size();
  const double variance = variance_of(scores), mean = mean_of(scores);
  const AutocorrelationInflation inflation(n, rho);
  std::vector<Split> splits;
  if (!(variance > 0)) return splits;
  splits.reserve(longest_end(n));
  double sum = 0;  // of the end, about the mean of all
  for (std::size_t after = 1; after <= longest_end(n); ++after) {
    sum += scores[n - after] - mean;
    if (after < least_segment) continue;
    const auto m = static_cast<double>(after), all = static_cast<double>(n);
    const double weight = (after <= early_end ? 1 : late_weight) / inflation(after);
    splits.push_back({after, weight * sum / std::sqrt(variance * m * (all - m) / all)});
  }
  return splits;
}

std::vector<Split> scan_all(std::span<const double> scores, double rho) {
  std::vector<Split> splits = scan_roughly(scores, rho);
  const std::size_t n = scores.size();
  const AutocorrelationInflation inflation(n, rho);
  const double best = std::abs(largest_of(splits).deviate);
  double sum = 0;
  std::size_t summed = 0;
  for (Split& split : splits) {
    while (summed < split.after) sum += scores[n - ++summed];
    if (split.after > short_end || std::abs(split.deviate) < std::max(dull, best - hopeless)) continue;
    const double weight = (split.after <= early_end ? 1 : late_weight) / inflation(split.after);
    split.deviate =
        weight * mean_deviate(scores.first(n - split.after), split.after, sum / static_cast<double>(summed));
  }
  return splits;
}

Split largest_of(std::span<const Split> splits) {
  Split best;
  for (const Split& split : splits)
    if (std::abs(split.deviate) > std::abs(best.deviate)) best = split;
  return best;
}

double autocorrelation_about(std::span<const double> scores, const Split& split) {
  const std::size_t n = scores.size(), begin = n - split.after;
  std::vector<double> residuals(scores.begin(), scores.end());
  const double before = mean_of({residuals.data(), begin});
  const double after = split.after > 0 ? mean_of({residuals.data() + begin, split.after}) : 0;
  double squares = 0, products = 0;
  for (std::size_t i = 0; i < n; ++i) {
    residuals[i] -= i < begin ? before : after;
    squares += residuals[i] * residuals[i];
    if (i > 0 && i != begin) products += residuals[i] * residuals[i - 1];
  }
  if (squares <= 0) return 0;
  const double seen = products / squares;
  return seen + (1 + 3 * std::max(seen, 0.0)) / static_cast<double>(n);
}

}  // namespace podbench::track
