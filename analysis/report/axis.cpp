#include "analysis/report/axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <span>

namespace podbench::report {
namespace {

constexpr int most_ticks = 1000;

// The first of ascending steps that is large enough, the last where none is.
double step_of(std::span<const double> steps, double least) {
  const auto found = std::lower_bound(steps.begin(), steps.end(), least);
  return found == steps.end() ? steps.back() : *found;
}

// 1, 2 or 5 times a power of ten.
double nice_step(double least) {
  const double decade = std::pow(10, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * decade >= least * (1 - 1e-9)) return factor * decade;
  return 10 * decade;
}

double linear_step(Range range, Unit unit, int wanted) {
  static constexpr std::array<double, 16> dates = {
      1,     60,        300,       900,        3600,       3 * 3600,   21600,       43200,
      86400, 2 * 86400, 7 * 86400, 14 * 86400, 30 * 86400, 91 * 86400, 365 * 86400, 3650 * 86400};
  const double least = (range.hi - range.lo) / wanted;
  if (unit == Unit::bytes) return std::max(1.0, std::exp2(std::ceil(std::log2(least))));
  if (unit == Unit::utc_seconds) return step_of(dates, least);
  return unit == Unit::count ? std::max(1.0, nice_step(least)) : nice_step(least);
}

std::vector<double> linear_ticks(Range range, Unit unit, int wanted) {
  const double step = linear_step(range, unit, wanted);
  std::vector<double> at;
  for (double k = std::ceil(range.lo / step); k * step <= range.hi && at.size() < most_ticks; ++k)
    at.push_back(k * step);
  return at;
}

std::vector<double> powers_of_two(Range range, int wanted) {
  static constexpr std::array<double, 5> steps = {1, 2, 4, 5, 10};
  const double lo = std::ceil(std::log2(range.lo)), hi = std::floor(std::log2(range.hi));
  const double step = step_of(steps, (hi - lo) / wanted);
  std::vector<double> at;
  for (double e = std::ceil(lo / step) * step; e <= hi; e += step) at.push_back(std::exp2(e));
  return at;
}

std::vector<double> decades(Range range, int wanted) {
  const double lo = std::floor(std::log10(range.lo)), hi = std::ceil(std::log10(range.hi));
  const double span = std::log10(range.hi / range.lo);
  const double step = std::max(1.0, std::ceil(span / wanted));
  std::vector<double> at;
  for (double e = lo; e <= hi; e += step) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double value = factor * std::pow(10, e);
      const bool fits = factor == 1 || 3 * span <= wanted;
      if (fits && value >= range.lo && value <= range.hi) at.push_back(value);
    }
  }
  return at;
}

struct Scale {
  double size;
  const char* name;
};

// The unit in which all ticks of a linear axis are told.
Scale common_scale(double largest, Unit unit) {
  static constexpr std::array<Scale, 4> times = {{{1e9, "s"}, {1e6, "ms"}, {1e3, "us"}, {1, "ns"}}};
  static constexpr std::array<Scale, 3> rates = {{{1, "GB/s"}, {1e-3, "MB/s"}, {1e-6, "kB/s"}}};
  std::span<const Scale> scales;
  if (unit == Unit::time_ns) scales = times;
  if (unit == Unit::gbps) scales = rates;
  for (const Scale& scale : scales)
    if (largest >= scale.size) return scale;
  return scales.empty() ? Scale{1, unit == Unit::percent ? "%" : ""} : scales.back();
}

std::string linear_label(double value, double step, const Scale& scale, Unit unit) {
  const int decimals = std::clamp(static_cast<int>(std::ceil(-std::log10(step / scale.size) - 1e-9)), 0, 9);
  const double shown = value == 0 ? 0 : value / scale.size;
  if (unit == Unit::percent) return fmt::format("{:+.{}f}%", shown, decimals);
  return fmt::format("{:.{}f}{}{}", shown, decimals, *scale.name != '\0' ? " " : "", scale.name);
}

}  // namespace

Range with_margin(double least, double most, const Axis& axis) {
  if (axis.log) {
    const double factor = most > least ? std::pow(most / least, 0.04) : 1.5;
    return {least / factor, most * factor};
  }
  const double margin = most > least ? 0.05 * (most - least) : most == 0 ? 1 : std::fabs(most) * 0.05;
  return {least - margin, most + margin};
}

std::vector<double> ticks(Range range, const Axis& axis, int wanted) {
  wanted = std::max(wanted, 2);
  if (!axis.log) return linear_ticks(range, axis.unit, wanted);
  std::vector<double> at = axis.unit == Unit::bytes ? powers_of_two(range, wanted) : decades(range, wanted);
  return at.size() < 2 ? linear_ticks(range, axis.unit, wanted) : at;
}

std::vector<std::string> tick_labels(const std::vector<double>& at, const Axis& axis) {
  std::vector<std::string> labels;
  double largest = 0, step = 1;
  for (const double value : at) largest = std::max(largest, std::fabs(value));
  if (at.size() > 1) step = at[1] - at[0];
  const bool own = axis.unit == Unit::bytes || axis.unit == Unit::utc_seconds;
  const Scale scale = common_scale(largest, axis.unit);
  for (const double value : at) labels.push_back(format_number(value, axis.unit));
  const bool distinct = std::set<std::string>(labels.begin(), labels.end()).size() == labels.size();
  if (own || (axis.log && distinct)) return labels;
  for (std::size_t i = 0; i < at.size(); ++i) labels[i] = linear_label(at[i], step, scale, axis.unit);
  return labels;
}

}  // namespace podbench::report
