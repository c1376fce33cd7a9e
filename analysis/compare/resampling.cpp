#include "analysis/compare/resampling.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/random.hpp"

namespace podbench {
namespace {

constexpr std::size_t most_flipped_pairs = 16;
constexpr double most_choices = 20'000;
constexpr std::uint64_t seed = 20'260'101;
constexpr double infinite = std::numeric_limits<double>::infinity();

// Sums in another order differ in their last digits; what was seen must count as being as large as itself.
bool as_large(double value, double seen) {
  return value >= seen * (1 - 1e-9);
}

// The p-value of a drawn test, stopped early where it is plainly large: after h draws that were as large as
// what was seen, h / draws; otherwise (as large + 1) / (draws + 1) (Besag & Clifford, Biometrika 78, 1991).
template <typename Draw>
double drawn_p(double seen, Draw draw) {
  constexpr int most_draws = 9'999, enough = 100;
  int large = 0;
  for (int drawn = 1; drawn <= most_draws; ++drawn) {
    large += as_large(draw(), seen) ? 1 : 0;
    if (large == enough) return static_cast<double>(enough) / drawn;
  }
  return (large + 1.0) / (most_draws + 1.0);
}

// Every set of signs with the first one kept: the others are its mirror images. A Gray code changes one sign
// a step.
double exact_sign_flip_p(std::span<const double> differences, double seen) {
  std::vector<double> signed_differences(differences.begin(), differences.end());
  double sum = 0;
  for (const double d : signed_differences) sum += d;
  const std::uint32_t sets = 1U << (differences.size() - 1);
  std::uint32_t large = as_large(std::abs(sum), seen) ? 1 : 0;
  for (std::uint32_t step = 1; step < sets; ++step) {
    double& flipped = signed_differences[static_cast<std::size_t>(std::countr_zero(step)) + 1];
    sum -= 2 * flipped;
    flipped = -flipped;
    large += as_large(std::abs(sum), seen) ? 1 : 0;
  }
  return static_cast<double>(large) / sets;
}

double choices(std::size_t n, std::size_t k) {
  double ways = 1;
  for (std::size_t i = 1; i <= k && ways < 1e300; ++i)
    ways = ways * static_cast<double>(n - k + i) / static_cast<double>(i);
  return ways;
}

// |Welch's t| of a choice of launches for the first side, from sums alone; the values' mean is 0.
class Relabelling {
 public:
  Relabelling(std::vector<double> values, std::size_t first)
      : values_(std::move(values)),
        first_(first),
        n1_(static_cast<double>(first)),
        n2_(static_cast<double>(values_.size() - first)) {
    double mean = 0;
    for (const double value : values_) mean += value / static_cast<double>(values_.size());
    for (double& value : values_) {
      value -= mean;
      squares_ += value * value;
    }
  }

  [[nodiscard]] double seen() const { return studentised(values_); }

  [[nodiscard]] double drawn(Random& random) {
    // Only the first side's places need to be drawn (Fisher and Yates).
    for (std::size_t i = 0; i < first_; ++i)
      std::swap(values_[i], values_[i + random.below(values_.size() - i)]);
    return studentised(values_);
  }

  // All choices in lexicographic order.
  [[nodiscard]] double exact_p() const {
    const double seen_t = seen();
    std::vector<bool> chosen(values_.size(), false);
    std::fill(chosen.begin(), chosen.begin() + static_cast<std::ptrdiff_t>(first_), true);
    std::uint32_t large = 0, all = 0;
    do {
      double sum = 0, squares = 0;
      for (std::size_t i = 0; i < values_.size(); ++i) {
        if (!chosen[i]) continue;
        sum += values_[i];
        squares += values_[i] * values_[i];
      }
      large += as_large(studentised(sum, squares), seen_t) ? 1 : 0;
      ++all;
    } while (std::prev_permutation(chosen.begin(), chosen.end()));
    return static_cast<double>(large) / all;
  }

 private:
  [[nodiscard]] double studentised(std::span<const double> values) const {
    double sum = 0, squares = 0;
    for (const double value : values.first(first_)) {
      sum += value;
      squares += value * value;
    }
    return studentised(sum, squares);
  }
  [[nodiscard]] double studentised(double sum, double squares) const {
    const double variance_1 = (squares - sum * sum / n1_) / (n1_ - 1);
    const double variance_2 = (squares_ - squares - sum * sum / n2_) / (n2_ - 1);
    const double difference = std::abs(sum / n1_ + sum / n2_);
    const double rounding = 1e-14 * squares_;
    if (difference * difference <= rounding) return 0;
    const double variance = variance_1 / n1_ + variance_2 / n2_;
    return variance <= rounding ? infinite : difference / std::sqrt(variance);
  }

  std::vector<double> values_;
  std::size_t first_;
  double n1_, n2_, squares_ = 0;
};

}  // namespace

double sign_flip_p(std::span<const double> differences) {
  double sum = 0;
  for (const double d : differences) sum += d;
  const double seen = std::abs(sum);
  if (differences.empty() || seen == 0) return 1;
  if (differences.size() <= most_flipped_pairs) return exact_sign_flip_p(differences, seen);
  Random random(seed);
  return drawn_p(seen, [&] {
    double flipped_sum = 0;
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < differences.size(); ++i, bits >>= 1) {
      if (i % 64 == 0) bits = random.next();
      flipped_sum += (bits & 1) != 0 ? differences[i] : -differences[i];
    }
    return std::abs(flipped_sum);
  });
}

double permutation_p(std::span<const double> base, std::span<const double> next) {
  if (base.size() < 2 || next.size() < 2) return 1;
  std::vector<double> values(base.begin(), base.end());
  values.insert(values.end(), next.begin(), next.end());
  Relabelling relabelling(std::move(values), base.size());
  const double seen = relabelling.seen();
  if (seen == 0) return 1;
  if (choices(base.size() + next.size(), base.size()) <= most_choices) return relabelling.exact_p();
  Random random(seed);
  return drawn_p(seen, [&] { return relabelling.drawn(random); });
}

double least_sign_flip_p(std::size_t pairs) {
  if (pairs == 0) return 1;
  return pairs <= most_flipped_pairs ? std::ldexp(1.0, 1 - static_cast<int>(pairs)) : 1e-4;
}

double least_permutation_p(std::size_t base, std::size_t next) {
  if (base < 2 || next < 2) return 1;
  const double ways = choices(base + next, base);
  return ways <= most_choices ? (base == next ? 2 : 1) / ways : 1e-4;
}

}  // namespace podbench
