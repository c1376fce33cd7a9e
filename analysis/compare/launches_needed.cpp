#include "analysis/compare/launches_needed.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

#include "analysis/compare/resampling.hpp"

namespace podbench {
namespace {

constexpr std::size_t most_launches = 10'000;
constexpr double power = 0.8;

// The two quantiles' sum, squared, times what a launch a side contributes, over n.
bool enough(std::size_t n, const Contrast& seen, double distance, double tail, double certainty) {
  const auto launches = static_cast<double>(n);
  const boost::math::students_t t((launches - 1) * seen.degrees_each);
  const double quantiles =
      boost::math::quantile(boost::math::complement(t, tail)) + boost::math::quantile(t, certainty);
  return launches * distance * distance >= quantiles * quantiles * seen.variance;
}

// The first n for which `holds`, which goes on holding from there; most_launches + 1 where none.
template <typename Holds>
std::size_t first_that(Holds holds) {
  std::size_t lo = 1, hi = most_launches + 1;
  while (hi - lo > 1) {
    const std::size_t middle = lo + (hi - lo) / 2;
    if (holds(middle))
      hi = middle;
    else
      lo = middle;
  }
  return hi;
}

std::size_t to_speak(bool paired, double level) {
  return first_that(
      [&](std::size_t n) { return (paired ? least_sign_flip_p(n) : least_permutation_p(n, n)) <= level; });
}

}  // namespace

std::size_t launches_needed(const Contrast& seen, double effect, const Demands& demands) {
  const std::size_t least = to_speak(demands.paired, demands.cross_check_level);
  std::size_t needed = seen.usable ? most_launches + 1 : 2;
  if (seen.usable && std::abs(effect) >= demands.least_effect)
    needed = first_that([&](std::size_t n) {
      return enough(n, seen, std::abs(effect), demands.difference_level / 2, power);
    });
  if (seen.usable && std::abs(effect) < demands.equivalence)
    needed = std::min(needed, first_that([&](std::size_t n) {
                        return enough(n, seen, demands.equivalence - std::abs(effect),
                                      demands.equivalence_level, 1 - (1 - power) / 2);
                      }));
  needed = std::max(needed, least);
  return needed > most_launches ? 0 : needed;
}

}  // namespace podbench
