#include "analysis/fit/line.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace podbench::fit {
namespace {

constexpr double huber = 1.345;  // 95% of least squares' efficiency where the noise is Gaussian
constexpr double farthest = 2;   // of residuals, in natural logarithms
constexpr int most_rounds = 60;

double huber_weight(double residual, double noise) {
  const double size = std::abs(residual);
  return size <= huber * noise ? 1 : huber * noise / size;
}

Line weighted_line(std::span<const Sample> samples, const std::vector<double>& weights) {
  double sum = 0, bytes = 0, time = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    sum += weights[i];
    bytes += weights[i] * samples[i].bytes;
    time += weights[i] * samples[i].time_ns;
  }
  const double mean_bytes = bytes / sum, mean_ns = time / sum;
  double spread = 0, together = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const double from_mean = samples[i].bytes - mean_bytes;
    spread += weights[i] * from_mean * from_mean;
    together += weights[i] * from_mean * (samples[i].time_ns - mean_ns);
  }
  const double slope = spread > 0 ? std::max(0.0, together / spread) : 0;
  return {mean_ns - slope * mean_bytes, slope};
}

// What the line says there, or a share of the time where the line is absurd so early in the search.
double model_ns(const Line& line, const Sample& sample) {
  return std::max(line.at(sample.bytes), sample.time_ns * std::exp(-farthest));
}

bool settled(const Line& before, const Line& now, const Sample& largest) {
  const double scale = 1e-10 * largest.time_ns;
  return std::abs(now.start_ns - before.start_ns) < scale &&
         std::abs(now.per_byte_ns - before.per_byte_ns) * largest.bytes < scale;
}

}  // namespace

Line fit_line(std::span<const Sample> samples, double noise) {
  std::vector<double> weights;
  for (const Sample& sample : samples) weights.push_back(1 / (sample.time_ns * sample.time_ns));
  Line line = weighted_line(samples, weights);
  for (int round = 0; round < most_rounds; ++round) {
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const double model = model_ns(line, samples[i]);
      weights[i] = huber_weight(residual(line, samples[i]), noise) / (model * model);
    }
    const Line next = weighted_line(samples, weights);
    const bool done = settled(line, next, samples.back());
    line = next;
    if (done) break;
  }
  return line;
}

double residual(const Line& line, const Sample& sample) {
  const double model = line.at(sample.bytes);
  if (!(model > 0)) return farthest;
  return std::clamp(std::log(sample.time_ns / model), -farthest, farthest);
}

double loss(const Line& line, std::span<const Sample> samples, double noise) {
  double sum = 0;
  for (const Sample& sample : samples) {
    const double size = std::abs(residual(line, sample)), bend = huber * noise;
    sum += size <= bend ? size * size : bend * (2 * size - bend);
  }
  return sum;
}

LineErrors line_errors(const Line& line, std::span<const Sample> samples, double noise) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  if (samples.size() < 3) return {none, none};
  double s0 = 0, s1 = 0, s2 = 0, squares = 0, counted = 0;
  for (const Sample& sample : samples) {
    const double model = model_ns(line, sample), off = residual(line, sample);
    const double weight = huber_weight(off, noise);
    const double a = 1 / model, b = sample.bytes / model;
    s0 += a * a;
    s1 += a * b;
    s2 += b * b;
    squares += weight * off * weight * off;
    counted += std::abs(off) <= huber * noise ? 1 : 0;
  }
  const auto n = static_cast<double>(samples.size());
  const double share = std::max(counted, 1.0) / n;
  const double variance = squares / (n - 2) / (share * share);
  const double det = s0 * s2 - s1 * s1;
  if (!(det > 0)) return {none, none};
  return {std::sqrt(variance * s2 / det), std::sqrt(variance * s0 / det)};
}

}  // namespace podbench::fit
