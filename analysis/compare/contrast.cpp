#include "analysis/compare/contrast.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

namespace podbench {
namespace {

using StudentsT = boost::math::students_t;

struct Moments {
  double n = 0, mean = 0, variance = 0;
};

Moments moments(std::span<const double> values) {
  Moments of{static_cast<double>(values.size()), 0, 0};
  of.mean = std::accumulate(values.begin(), values.end(), 0.0) / of.n;
  for (const double value : values) of.variance += (value - of.mean) * (value - of.mean) / (of.n - 1);
  return of;
}

Contrast of_pairs(std::span<const double> differences) {
  const Moments d = moments(differences);
  return {d.mean, std::sqrt(d.variance / d.n), d.n - 1, d.variance, 1, true};
}

double square(double x) {
  return x * x;
}

Contrast of_independent_sides(const LogSides& sides) {
  const Moments a = moments(sides.base), b = moments(sides.next);
  const double of_mean_a = a.variance / a.n, of_mean_b = b.variance / b.n;
  Contrast result{
      b.mean - a.mean, std::sqrt(of_mean_a + of_mean_b), a.n + b.n - 2, a.variance + b.variance, 2, true};
  if (result.has_no_spread()) return result;
  result.degrees =
      square(of_mean_a + of_mean_b) / (square(of_mean_a) / (a.n - 1) + square(of_mean_b) / (b.n - 1));
  result.degrees_each = square(a.variance + b.variance) / (square(a.variance) + square(b.variance));
  return result;
}

// P(T ≥ difference / standard error).
double upper_tail(const Contrast& contrast, double difference) {
  return boost::math::cdf(
      boost::math::complement(StudentsT(contrast.degrees), difference / contrast.standard_error));
}

}  // namespace

Contrast contrast(const LogSides& sides) {
  if (sides.paired()) return sides.differences.size() < 2 ? Contrast{} : of_pairs(sides.differences);
  return sides.base.size() < 2 || sides.next.size() < 2 ? Contrast{} : of_independent_sides(sides);
}

double t_test_p(const Contrast& contrast) {
  return 2 * upper_tail(contrast, std::abs(contrast.difference));
}

double equivalence_p(const Contrast& contrast, double margin) {
  return upper_tail(contrast, margin - std::abs(contrast.difference));
}

double t_half_width(const Contrast& contrast, double confidence) {
  return contrast.standard_error *
         boost::math::quantile(StudentsT(contrast.degrees), 1 - (1 - confidence) / 2);
}

}  // namespace podbench
