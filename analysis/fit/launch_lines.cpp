#include "analysis/fit/launch_lines.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/fit/pieces.hpp"
#include "analysis/statistics.hpp"

namespace podbench::fit {
namespace {

constexpr std::size_t least_launches = 3;
constexpr double sigma_of_deviation = 1.4826;  // a Gaussian's sigma over its median absolute deviation
constexpr double error_of_median = 1.2533;     // of Gaussian values: sqrt(pi / 2) times that of the mean

// Standard error of the median of the launches, relative to it; NaN for too few.
double launch_noise(const Point& point) {
  if (point.launches_ns.size() < least_launches) return std::numeric_limits<double>::quiet_NaN();
  const double middle = point.median_ns();
  std::vector<double> deviations;
  for (const auto& [launch, time_ns] : point.launches_ns)
    deviations.push_back(std::abs(std::log(time_ns / middle)));
  std::sort(deviations.begin(), deviations.end());
  return quantile(deviations, 0.5) * sigma_of_deviation * error_of_median /
         std::sqrt(static_cast<double>(deviations.size()));
}

}  // namespace

std::map<int, Line> launch_lines(const Points& points, std::uint64_t first_bytes, std::uint64_t last_bytes,
                                 double noise) {
  std::map<int, std::vector<Sample>> samples;
  std::size_t sizes = 0;
  for (const Point& point : points) {
    if (point.bytes < first_bytes || point.bytes > last_bytes) continue;
    ++sizes;
    for (const auto& [launch, time_ns] : point.launches_ns)
      samples[launch].push_back({static_cast<double>(point.bytes), time_ns});
  }
  std::map<int, Line> lines;
  if (sizes < 2) return lines;
  for (const auto& [launch, own] : samples)
    if (own.size() == sizes) lines[launch] = fit_line(own, noise);
  return lines;
}

double noise_of(const Points& points) {
  std::vector<double> errors;
  for (const Point& point : points)
    if (const double error = launch_noise(point); std::isfinite(error)) errors.push_back(error);
  std::sort(errors.begin(), errors.end());
  const double noise =
      2 * errors.size() > points.size() ? quantile(errors, 0.5) : own_noise(samples_of(points));
  return std::fmax(noise, least_noise);
}

}  // namespace podbench::fit
