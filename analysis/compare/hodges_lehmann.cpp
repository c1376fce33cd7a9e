#include "analysis/compare/hodges_lehmann.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

namespace podbench {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
// Logarithms nearer than this are the same.
constexpr double resolution = 1e-13;

// How many of the values that two sorted lists make lie at or below a bound, and the largest of these.
struct Below {
  std::uint64_t count = 0;
  double largest = -std::numeric_limits<double>::infinity();
};

// (x[i] + x[j]) / 2 for i ≤ j.
Below averages_below(const std::vector<double>& x, double bound) {
  Below below;
  std::size_t end = x.size();
  for (std::size_t i = 0; i < x.size(); ++i) {
    while (end > i && (x[i] + x[end - 1]) / 2 > bound) --end;
    if (end <= i) break;
    below.count += end - i;
    below.largest = std::max(below.largest, (x[i] + x[end - 1]) / 2);
  }
  return below;
}

// next[j] − base[i] for all i and j.
Below differences_below(const LogSides& sorted, double bound) {
  Below below;
  std::size_t i = 0;
  for (const double next : sorted.next) {
    while (i < sorted.base.size() && next - sorted.base[i] > bound) ++i;
    if (i == sorted.base.size()) break;
    below.count += sorted.base.size() - i;
    below.largest = std::max(below.largest, next - sorted.base[i]);
  }
  return below;
}

// All values of a sorted pair of lists, known by `below` only, and between which two they lie.
template <typename CountBelow>
struct Values {
  CountBelow below;
  std::uint64_t count;
  double lowest, highest;

  // The k-th smallest, from 1, by bisection.
  [[nodiscard]] double at(std::uint64_t k) const {
    double lo = lowest - 1, hi = highest;
    while (hi - lo > resolution) {
      const double middle = std::midpoint(lo, hi);
      if (middle <= lo || middle >= hi) break;
      if (const Below found = below(middle); found.count >= k)
        hi = found.largest;
      else
        lo = middle;
    }
    return hi;
  }
  [[nodiscard]] double median() const {
    const double lower = at((count + 1) / 2);
    return count % 2 == 1 ? lower : std::midpoint(lower, at(count / 2 + 1));
  }
  [[nodiscard]] Shift shift(std::size_t k) const {
    return k == 0 ? Shift{median(), nan, nan} : Shift{median(), at(k), at(count + 1 - k)};
  }
};

// The largest k of which P(statistic ≤ k − 1) is at most `tail`.
std::size_t largest_rank(const std::vector<double>& ways, double all, double tail) {
  double below = 0;
  std::size_t k = 0;
  while (k < ways.size() && (below + ways[k]) / all <= tail) below += ways[k++];
  return k;
}

// Ways to reach each sum of a subset of 1 … n: the distribution of the signed rank.
std::vector<double> signed_rank_ways(std::size_t n) {
  std::vector<double> ways(n * (n + 1) / 2 + 1, 0.0);
  ways[0] = 1;
  std::size_t reached = 0;
  for (std::size_t rank = 1; rank <= n; ++rank) {
    reached += rank;
    for (std::size_t sum = reached; sum >= rank; --sum) ways[sum] += ways[sum - rank];
  }
  return ways;
}

// Ways in which a launch of one side stands before one of the other, as often as the index says, in an order
// of both: the distribution of the rank sum (Mann & Whitney 1947).
std::vector<double> rank_sum_ways(std::size_t few, std::size_t many) {
  const std::size_t last = few * many, width = last + 1;
  std::vector<double> ways((few + 1) * width, 0.0);  // by launches of the side with few, and how often
  ways[0] = 1;
  for (std::size_t position = 0; position < few + many; ++position) {
    for (std::size_t taken = std::min(few, position + 1); taken >= 1; --taken) {
      const std::size_t others = position + 1 - taken;  // of the other side, before this one
      if (others > many) break;
      for (std::size_t sum = others; sum <= last; ++sum)
        ways[taken * width + sum] += ways[(taken - 1) * width + sum - others];
    }
  }
  return {ways.end() - static_cast<std::ptrdiff_t>(width), ways.end()};
}

// Where the exact distribution would be long to work out it is as good as normal.
constexpr std::size_t most_exact_pairs = 60, most_exact_differences = 2'500;

std::size_t normal_rank(double mean, double variance, double tail) {
  const double z = -boost::math::quantile(boost::math::normal(), tail);
  return static_cast<std::size_t>(std::max(0.0, std::floor(mean - z * std::sqrt(variance))));
}

Shift of_pairs(std::vector<double> differences, WilcoxonRanks& ranks) {
  std::sort(differences.begin(), differences.end());
  const std::uint64_t n = differences.size();
  const auto below = [&differences](double bound) { return averages_below(differences, bound); };
  return Values<decltype(below)>{below, n * (n + 1) / 2, differences.front(), differences.back()}.shift(
      ranks.signed_rank(n));
}

Shift of_independent_sides(LogSides sides, WilcoxonRanks& ranks) {
  if (sides.base.empty() || sides.next.empty()) return {nan, nan, nan};
  std::sort(sides.base.begin(), sides.base.end());
  std::sort(sides.next.begin(), sides.next.end());
  const auto below = [&sides](double bound) { return differences_below(sides, bound); };
  const std::size_t n1 = sides.base.size(), n2 = sides.next.size();
  return Values<decltype(below)>{below, std::uint64_t{n1} * n2, sides.next.front() - sides.base.back(),
                                 sides.next.back() - sides.base.front()}
      .shift(ranks.rank_sum(n1, n2));
}

}  // namespace

std::size_t WilcoxonRanks::signed_rank(std::size_t pairs) {
  const auto [place, is_new] = known_.try_emplace({pairs, 0}, 0);
  if (!is_new) return place->second;
  const double tail = (1 - confidence_) / 2, n = static_cast<double>(pairs);
  return place->second =
             pairs <= most_exact_pairs
                 ? largest_rank(signed_rank_ways(pairs), std::ldexp(1.0, static_cast<int>(pairs)), tail)
                 : normal_rank(n * (n + 1) / 4, n * (n + 1) * (2 * n + 1) / 24, tail);
}

std::size_t WilcoxonRanks::rank_sum(std::size_t base, std::size_t next) {
  const std::size_t few = std::min(base, next), many = std::max(base, next);
  const auto [place, is_new] = known_.try_emplace({few, many}, 0);
  if (!is_new) return place->second;
  const double tail = (1 - confidence_) / 2;
  if (many > most_exact_differences / few) {
    const double product = static_cast<double>(few) * static_cast<double>(many);
    return place->second = normal_rank(product / 2, product * static_cast<double>(few + many + 1) / 12, tail);
  }
  const std::vector<double> ways = rank_sum_ways(few, many);
  double all = 0;
  for (const double way : ways) all += way;
  return place->second = largest_rank(ways, all, tail);
}

Shift hodges_lehmann(const LogSides& sides, WilcoxonRanks& ranks) {
  Shift shift = sides.paired() ? of_pairs(sides.differences, ranks) : of_independent_sides(sides, ranks);
  if (!std::isnan(shift.lo) || std::isnan(shift.estimate)) return shift;
  if (const Contrast known = contrast(sides); known.usable && !known.has_no_spread()) {
    const double half = t_half_width(known, ranks.confidence());
    shift.lo = std::min(known.difference - half, shift.estimate);
    shift.hi = std::max(known.difference + half, shift.estimate);
  }
  return shift;
}

}  // namespace podbench
