#include "analysis/track/bench/noise.hpp"

#include <cmath>
#include <numbers>

namespace podbench::track {
namespace {

constexpr double ar_rho = 0.5;
constexpr double lognormal_sigma = 0.75;  // skewness 3.3
constexpr double spike_share = 0.02;

double student_t3(Random& random) {
  double squares = 0;
  for (int i = 0; i < 3; ++i) squares += std::pow(standard_normal(random), 2);
  return standard_normal(random) / std::sqrt(squares / 3) / std::sqrt(3.0);  // variance of t3 is 3
}

double lognormal(Random& random) {
  const double s2 = lognormal_sigma * lognormal_sigma, mean = std::exp(s2 / 2);
  const double sd = mean * std::sqrt(std::expm1(s2));
  return (std::exp(lognormal_sigma * standard_normal(random)) - mean) / sd;
}

// 2% of the nights are slower by 10 to 50%, which no standard deviation describes.
double spiky(Random& random, double sd) {
  const double usual = standard_normal(random);
  return random.unit() < spike_share ? (0.1 + 0.4 * random.unit()) / sd : usual;
}

double draw(Noise noise, double sd, double previous, Random& random) {
  switch (noise) {
    case Noise::gaussian:
      return standard_normal(random);
    case Noise::student_t3:
      return student_t3(random);
    case Noise::lognormal:
      return lognormal(random);
    case Noise::autocorrelated:
      return ar_rho * previous + std::sqrt(1 - ar_rho * ar_rho) * standard_normal(random);
    case Noise::spikes:
      return spiky(random, sd);
  }
  return 0;
}

}  // namespace

std::string_view name_of(Noise noise) {
  constexpr std::array<std::string_view, all_noises.size()> names = {"Gaussian", "t3", "lognormal", "AR(0.5)",
                                                                     "2% spikes"};
  return names[static_cast<std::size_t>(noise)];
}

double standard_normal(Random& random) {
  const double radius = std::sqrt(-2 * std::log(1 - random.unit()));
  return radius * std::cos(2 * std::numbers::pi * random.unit());
}

std::vector<double> quiet_nights(Noise noise, std::size_t nights, double sd, Random& random) {
  std::vector<double> values;
  double deviate = standard_normal(random);
  for (std::size_t night = 0; night < nights; ++night) {
    deviate = draw(noise, sd, deviate, random);
    values.push_back(std::max(0.1, 1 + sd * deviate));
  }
  return values;
}

}  // namespace podbench::track
