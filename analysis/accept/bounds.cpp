#include "analysis/accept/bounds.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>
#include <limits>

#include "analysis/accept/acceptance.hpp"
#include "analysis/statistics.hpp"

namespace podbench::accept {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

// P(Binomial(n, ½) < rank).
double tail(int n, std::size_t rank) {
  if (rank == 0) return 0;
  return boost::math::cdf(boost::math::binomial(n, 0.5), static_cast<double>(rank - 1));
}

const std::vector<std::size_t>& ranks_here() {
  static const std::vector<std::size_t> ranks = look_ranks(looks, look_error);
  return ranks;
}

}  // namespace

std::vector<std::size_t> look_ranks(std::span<const int> all_looks, double error) {
  std::vector<std::size_t> ranks;
  double spent = 0, kept_back = 1;
  for (std::size_t look = 0; look < all_looks.size(); ++look) {
    kept_back /= 2;
    const double may_spend = error * (look + 1 == all_looks.size() ? 1 : 1 - kept_back) - spent;
    std::size_t rank = 0;
    while (2 * (rank + 1) <= static_cast<std::size_t>(all_looks[look]) &&
           tail(all_looks[look], rank + 1) <= may_spend)
      ++rank;
    spent += tail(all_looks[look], rank);
    ranks.push_back(rank);
  }
  return ranks;
}

MedianBounds median_bounds(std::span<const double> by_launch) {
  std::size_t launches = 0, rank = 0;
  for (std::size_t look = 0; look < std::size(looks); ++look)
    if (by_launch.size() >= static_cast<std::size_t>(looks[look]) && ranks_here()[look] > 0) {
      launches = static_cast<std::size_t>(looks[look]);
      rank = ranks_here()[look];
    }
  const auto seen = launches > 0 ? by_launch.first(launches) : by_launch;
  std::vector<double> sorted(seen.begin(), seen.end());
  std::sort(sorted.begin(), sorted.end());
  if (launches == 0) return {nothing, nothing, quantile(sorted, 0.5), 0};
  return {sorted[rank - 1], sorted[launches - rank], quantile(sorted, 0.5), launches};
}

Judged judge_median(std::span<const double> by_launch, Limit kind, double limit) {
  const MedianBounds bounds = median_bounds(by_launch);
  const bool more_is_better = kind == Limit::at_least;
  const double passing = more_is_better ? bounds.lo : bounds.hi;
  const double failing = more_is_better ? bounds.hi : bounds.lo;
  const auto meets = [&](double value) { return more_is_better ? value >= limit : value <= limit; };
  Judged judged{Outcome::inconclusive, bounds.median, passing,
                bounds.launches > 0 ? bounds.launches : by_launch.size()};
  if (bounds.launches == 0) return judged;
  if (meets(passing)) {
    judged.outcome = Outcome::pass;
  } else if (!meets(failing)) {
    judged.outcome = Outcome::fail;
    judged.bound = failing;
  }
  return judged;
}

}  // namespace podbench::accept
