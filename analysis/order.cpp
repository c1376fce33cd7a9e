// Tests that look at the order of samples: trend, autocorrelation, warm-up.
#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numeric>

#include "analysis/statistics.hpp"

namespace podbench {
namespace {

double two_sided_p(double z) {
  return 2 * boost::math::cdf(boost::math::complement(boost::math::normal(), std::abs(z)));
}

// Midranks (ties share their mean rank, counted from 1), and the sizes of the groups of ties.
struct Ranks {
  std::vector<double> ranks;
  std::vector<double> tie_sizes;
};

Ranks rank_all(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  Ranks result{std::vector<double>(values.size()), {}};
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin + 1;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double midrank = static_cast<double>(begin + end + 1) / 2;
    for (std::size_t i = begin; i < end; ++i) result.ranks[order[i]] = midrank;
    result.tie_sizes.push_back(static_cast<double>(end - begin));
    begin = end;
  }
  return result;
}

// Pairs i < j with values[i] > values[j], counted by merge sort, which sorts `values`.
std::uint64_t inversions(std::vector<double>& values, std::vector<double>& work, std::size_t begin,
                         std::size_t end) {
  if (end - begin < 2) return 0;
  const std::size_t middle = begin + (end - begin) / 2;
  std::uint64_t count = inversions(values, work, begin, middle) + inversions(values, work, middle, end);
  std::size_t left = begin, right = middle;
  for (std::size_t into = begin; into < end; ++into) {
    const bool take_left = right == end || (left < middle && values[left] <= values[right]);
    if (!take_left) count += middle - left;
    work[into] = take_left ? values[left++] : values[right++];
  }
  std::copy(work.begin() + static_cast<std::ptrdiff_t>(begin),
            work.begin() + static_cast<std::ptrdiff_t>(end),
            values.begin() + static_cast<std::ptrdiff_t>(begin));
  return count;
}

std::vector<double> to_reals(std::span<const std::uint64_t> samples) {
  std::vector<double> reals;
  reals.reserve(samples.size());
  for (const std::uint64_t sample : samples) reals.push_back(static_cast<double>(sample));
  return reals;
}

double median_of(std::span<const double> values) {
  return median({values.begin(), values.end()});
}

bool within(double a, double b, double relative) {
  return std::abs(a - b) <= relative * std::max(std::abs(a), std::abs(b));
}

// Two-sided p-value of Mann & Whitney's test by the normal approximation with ties.
double mann_whitney_p(std::span<const double> a, std::span<const double> b) {
  std::vector<double> both(a.begin(), a.end());
  both.insert(both.end(), b.begin(), b.end());
  const Ranks ranked = rank_all(both);
  const auto n = static_cast<double>(both.size()), na = static_cast<double>(a.size()),
             nb = static_cast<double>(b.size());
  const double rank_sum = std::accumulate(ranked.ranks.begin(),
                                          ranked.ranks.begin() + static_cast<std::ptrdiff_t>(a.size()), 0.0);
  double ties = 0;
  for (const double t : ranked.tie_sizes) ties += t * t * t - t;
  const double variance = na * nb / 12 * (n + 1 - ties / (n * (n - 1)));
  if (variance <= 0) return 1;
  return two_sided_p((rank_sum - na * (n + 1) / 2) / std::sqrt(variance));
}

bool thirds_medians_agree(std::span<const double> samples, double relative) {
  const std::size_t third = samples.size() / 3;
  return within(median_of(samples.first(third)), median_of(samples.last(third)), relative);
}

}  // namespace

Trend trend(std::span<const double> in_order) {
  const std::size_t size = in_order.size();
  if (size < 4) return {};
  const auto n = static_cast<double>(size);
  double tied_pairs = 0, tie_variance = 0;
  for (const double t : rank_all(in_order).tie_sizes) {
    tied_pairs += t * (t - 1) / 2;
    tie_variance += t * (t - 1) * (2 * t + 5);
  }
  std::vector<double> values(in_order.begin(), in_order.end()), work(size);
  const auto falling = static_cast<double>(inversions(values, work, 0, size));
  const double pairs = n * (n - 1) / 2;
  const double s = pairs - tied_pairs - 2 * falling;
  const double variance = (n * (n - 1) * (2 * n + 5) - tie_variance) / 18;
  if (variance <= 0) return {};
  const double continuity = s > 0 ? 1 : s < 0 ? -1 : 0;
  return {s / pairs, two_sided_p((s - continuity) / std::sqrt(variance))};
}

double autocorrelation(std::span<const double> in_order) {
  if (in_order.size() < 3) return 0;
  std::vector<double> ranks = rank_all(in_order).ranks;
  const double mean = static_cast<double>(ranks.size() + 1) / 2;
  double products = 0, squares = 0;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    ranks[i] -= mean;
    squares += ranks[i] * ranks[i];
    if (i > 0) products += ranks[i] * ranks[i - 1];
  }
  return squares == 0 ? 0 : products / squares;
}

bool thirds_agree(std::span<const std::uint64_t> in_order, double relative) {
  if (in_order.size() < 9) return false;
  const std::vector<double> samples = to_reals(in_order);
  if (thirds_medians_agree(samples, relative)) return true;
  const std::size_t third = samples.size() / 3;
  return mann_whitney_p(std::span(samples).first(third), std::span(samples).last(third)) > 0.05;
}

std::vector<std::string> sample_flags(std::span<const std::uint64_t> in_order) {
  std::vector<std::string> flags;
  if (in_order.size() < 9) return flags;
  const std::vector<double> samples = to_reals(in_order);
  if (trend(samples).p_value < 0.001 && !thirds_medians_agree(samples, 0.02)) flags.emplace_back("trend");
  const double limit = std::max(0.2, 4 / std::sqrt(static_cast<double>(samples.size())));
  if (std::abs(autocorrelation(samples)) > limit) flags.emplace_back("autocorrelated");
  const double median = median_of(samples);
  if (*std::max_element(samples.begin(), samples.end()) >= tail_factor * median && median > 0)
    flags.emplace_back("tail");
  return flags;
}

}  // namespace podbench
