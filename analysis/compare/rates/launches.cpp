#include "analysis/compare/rates/launches.hpp"

#include <array>

namespace podbench::rates {
namespace {

constexpr double spread = 0.02;

}  // namespace

std::string_view name_of(Shape shape) {
  static constexpr std::array<std::string_view, 6> names = {"gaussian", "heavy",  "skewed",
                                                            "bimodal",  "spikes", "wandering"};
  return names[static_cast<std::size_t>(shape)];
}

// Box & Muller, Annals of Mathematical Statistics 29, 1958.
double Launches::normal() {
  return std::sqrt(-2 * std::log(1 - random_.unit())) * std::cos(2 * std::numbers::pi * random_.unit());
}

double Launches::noise(Shape shape) {
  switch (shape) {
    case Shape::heavy: {
      const double a = normal(), b = normal(), c = normal();
      return spread * normal() / std::sqrt((a * a + b * b + c * c) / 3) / std::sqrt(3.0);
    }
    case Shape::skewed:
      return spread * (std::exp(0.8 * normal()) - std::exp(0.32)) / 1.3;
    case Shape::bimodal:
      return spread * ((random_.unit() < 0.4 ? 1.6 : -0.6) + 0.3 * normal());
    case Shape::spikes:
      return spread * normal() + (random_.unit() < 0.02 ? 0.1 : 0);
    case Shape::gaussian:
    case Shape::wandering:
      break;
  }
  return spread * normal();
}

std::vector<double> Launches::effects(Shape shape, std::size_t n) {
  std::vector<double> values(n);
  const double memory = shape == Shape::wandering ? 0.5 : 0;
  double last = noise(shape);
  for (double& value : values) {
    value = last;
    last = memory * last + std::sqrt(1 - memory * memory) * noise(shape);
  }
  return values;
}

std::vector<Sides> Launches::family(const Scene& scene) {
  const std::size_t all = 2 * scene.launches;
  const std::vector<double> shared = effects(scene.shape, all);
  // Of a pair either one goes first.
  std::vector<bool> next_first(scene.launches);
  for (std::size_t i = 0; i < scene.launches; ++i) next_first[i] = random_.unit() < 0.5;
  std::vector<Sides> family(scene.cases);
  for (std::size_t c = 0; c < scene.cases; ++c) {
    Sides& sides = family[c];
    sides.paired = scene.paired;
    const std::vector<double> own = effects(scene.shape, all);
    for (std::size_t i = 0; i < all; ++i) {
      const double drift = scene.drift * static_cast<double>(i) / static_cast<double>(all - 1);
      const double effect = (shared[i] + own[i]) * std::numbers::sqrt2 / 2 + drift;
      const bool is_next = scene.paired ? (i % 2 == 1) != next_first[i / 2] : i >= scene.launches;
      const double true_ns = is_next && c == 0 ? 1'000 * (1 + scene.planted) : 1'000;
      (is_next ? sides.next : sides.base).push_back(true_ns * std::exp(effect));
    }
  }
  return family;
}

}  // namespace podbench::rates
