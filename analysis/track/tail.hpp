// Nights as robust scores, and how improbable the mean of the last few is, given those before.
//
// Thread-safety: pure. Units: scores, which are normal deviates for most of normal noise.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace podbench::track {

// A night's distance from the window's median in units of its interquartile range (scaled to the normal's
// standard deviation), at most ± largest_score: what lies further out is a spike or a step, and neither is
// more certain for being larger.
inline constexpr double largest_score = 3;

struct Centre {
  double median = 0, scale = 0;
  [[nodiscard]] double score(double value) const;
};
// Of ascending values, at least one. Where more than half of them are equal, the standard deviation takes the
// interquartile range's place; 0 where all are.
[[nodiscard]] Centre centre_of(std::span<const double> sorted);
[[nodiscard]] std::vector<double> robust_scores(std::span<const double> values, const Centre& centre);
[[nodiscard]] std::vector<double> robust_scores(std::span<const double> values);

// A normal deviate with the tail probability of a mean of `after` draws as large as `mean` from what the
// scores `before` come from. The tail is the saddlepoint approximation of Lugannani & Rice (1980) in
// Barndorff-Nielsen's form r* (Davison & Hinkley, "Bootstrap Methods and their Application", 9.5) with the
// empirical distribution of `before`, so that it follows heavy tails and skew, to which a quarter of a night
// at either largest score is added, since a short past has not seen what is rare. Allows for the mean of
// `before` being an estimate too.
[[nodiscard]] double mean_deviate(std::span<const double> before, std::size_t after, double mean);

// The factor by which first-order autocorrelation `rho` widens the difference between the mean of the last
// `after` of n nights and that of those before, over independent nights: from the variance of sums of an
// AR(1) process (Box, Jenkins & Reinsel, "Time Series Analysis", ch. 2). 1 for rho ≤ 0.
class AutocorrelationInflation {
 public:
  AutocorrelationInflation(std::size_t n, double rho);
  [[nodiscard]] double operator()(std::size_t after) const;

 private:
  [[nodiscard]] double sum_variance(std::size_t count) const;
  std::size_t n_;
  double rho_;
  std::vector<double> powers_;  // of rho; none for rho ≤ 0
};

}  // namespace podbench::track
