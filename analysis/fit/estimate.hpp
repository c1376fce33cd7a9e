// A figure with its 95% interval, and where intervals come from.
// Thread-safety: pure. Units: those of what is estimated.
#pragma once

#include <cmath>
#include <limits>
#include <vector>

namespace podbench::fit {

struct Estimate {
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();
  double value = none, lo = none, hi = none;  // NaN: not known
  [[nodiscard]] bool known() const { return std::isfinite(value); }
  [[nodiscard]] bool has_interval() const { return std::isfinite(lo) && std::isfinite(hi); }
};

// `value` with the interval that the launches' own figures give, the launch being the replicate: from six on
// between order statistics (median_interval of analysis/statistics.hpp), of two to five Student's t around
// their mean. The value itself is never outside. One launch gives no interval.
[[nodiscard]] Estimate by_launches(double value, std::vector<double> launches);

// `value` with Student's t interval of a standard error with so many degrees of freedom; none for NaN or 0.
[[nodiscard]] Estimate by_error(double value, double standard_error, double degrees_of_freedom);

// 1 / estimate.
[[nodiscard]] Estimate inverse(const Estimate& estimate);

}  // namespace podbench::fit
