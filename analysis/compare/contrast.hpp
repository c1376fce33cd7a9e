// The difference of two sides on the scale of logarithms, with its standard error: what the t tests, their
// intervals and the power calculation stand on. Thread-safety: pure. Units: natural logarithms; a difference
// of 0.01 is 1%.
#pragma once

#include <span>
#include <vector>

namespace podbench {

// The logarithms of one case's launches. `differences` is next − base of each pair; empty where not paired.
struct LogSides {
  std::vector<double> base, next, differences;
  [[nodiscard]] bool paired() const noexcept { return !differences.empty(); }
};

struct Contrast {
  double difference = 0;      // mean of next − mean of base
  double standard_error = 0;  // of `difference`
  double degrees = 0;         // of freedom
  // What does not depend on the number n of launches a side, for other n: standard_error² = variance / n and
  // degrees = (n − 1) × degrees_each.
  double variance = 0, degrees_each = 1;
  bool usable = false;  // at least two pairs, or two launches on each side
  // All launches of a side agree to the last digit: a t test has no spread to stand on.
  [[nodiscard]] bool has_no_spread() const noexcept { return standard_error < 1e-12; }
};

// Paired: mean and standard error of the differences, n − 1 degrees of freedom (Student, Biometrika 6, 1908).
// Otherwise Welch's (Biometrika 34, 1947), which lets the sides have unlike spreads, with Satterthwaite's
// degrees of freedom (Biometrics Bulletin 2, 1946).
[[nodiscard]] Contrast contrast(const LogSides& sides);

// Two-sided p-value of "no difference".
[[nodiscard]] double t_test_p(const Contrast& contrast);

// The larger p-value of the two one-sided tests of "at least `margin` lower" and "at least `margin` higher"
// (Schuirmann, J. Pharmacokinetics and Biopharmaceutics 15, 1987): below 5% the sides are equivalent.
[[nodiscard]] double equivalence_p(const Contrast& contrast, double margin);

// The half width of the interval of `difference` with this confidence.
[[nodiscard]] double t_half_width(const Contrast& contrast, double confidence);

}  // namespace podbench
