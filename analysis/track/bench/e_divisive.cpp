#include "analysis/track/bench/e_divisive.hpp"

#include <algorithm>
#include <cmath>

namespace podbench::track {
namespace {

struct Candidate {
  std::size_t at = 0;
  double q = -1;
};

// max over splits of mn/(m+n) (2 between − within − within'), the right side being all that is left of the
// segment. Moving one value from the right to the left changes the three sums by its distances only.
Candidate best_split(std::span<const double> x, std::size_t least) {
  const std::size_t n = x.size();
  Candidate best;
  if (n < 2 * least) return best;
  double between = 0, left = 0, right = 0;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j) right += std::abs(x[i] - x[j]);
  for (std::size_t moved = 0; moved + least < n; ++moved) {
    double to_left = 0, to_right = 0;
    for (std::size_t j = 0; j < moved; ++j) to_left += std::abs(x[moved] - x[j]);
    for (std::size_t j = moved + 1; j < n; ++j) to_right += std::abs(x[moved] - x[j]);
    left += to_left;
    right -= to_right;
    between += to_right - to_left;
    const std::size_t size = moved + 1;
    if (size < least) continue;
    const auto a = static_cast<double>(size), b = static_cast<double>(n - size);
    const double energy = 2 * between / (a * b) - 2 * left / (a * (a - 1)) - 2 * right / (b * (b - 1));
    const double q = a * b / (a + b) * energy;
    if (q > best.q) best = {size, q};
  }
  return best;
}

// The best split over all segments, with its place in the whole.
Candidate best_of(std::span<const double> x, const std::vector<std::size_t>& bounds, std::size_t least) {
  Candidate best;
  for (std::size_t i = 0; i + 1 < bounds.size(); ++i) {
    const Candidate here = best_split(x.subspan(bounds[i], bounds[i + 1] - bounds[i]), least);
    if (here.q > best.q) best = {bounds[i] + here.at, here.q};
  }
  return best;
}

// Values permuted within the segments found so far (section 3.2). Stops once the answer cannot change.
bool significant(std::span<const double> x, const std::vector<std::size_t>& bounds, double q,
                 const EDivisive& settings, Random& random) {
  const auto most = static_cast<std::size_t>(settings.level * static_cast<double>(settings.permutations + 1));
  std::vector<double> shuffled(x.begin(), x.end());
  std::size_t as_large = 1;  // the order that was seen
  for (std::size_t r = 0; r < settings.permutations && as_large <= most; ++r) {
    for (std::size_t i = 0; i + 1 < bounds.size(); ++i)
      random.shuffle(std::span(shuffled).subspan(bounds[i], bounds[i + 1] - bounds[i]));
    if (best_of(shuffled, bounds, settings.least_segment).q >= q) ++as_large;
  }
  return as_large <= most;
}

}  // namespace

std::vector<std::size_t> e_divisive(std::span<const double> values, const EDivisive& settings,
                                    Random& random) {
  std::vector<std::size_t> bounds = {0, values.size()};
  while (true) {
    const Candidate best = best_of(values, bounds, settings.least_segment);
    if (best.at == 0 || !significant(values, bounds, best.q, settings, random)) break;
    bounds.insert(std::upper_bound(bounds.begin(), bounds.end(), best.at), best.at);
  }
  return {bounds.begin() + 1, bounds.end() - 1};
}

}  // namespace podbench::track
