// Simulated launches of families of cases: what launches of real machines do to medians, with a known truth.
// Thread-safety: a Launches belongs to one thread. Units: times in ns; spreads as a share of the time.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>
#include <vector>

#include "analysis/compare/decide.hpp"
#include "base/random.hpp"

namespace podbench::rates {

// How medians of launches scatter around their case's true time, all with a spread of about 2%.
enum class Shape : std::uint8_t {
  gaussian,   // of the logarithm
  heavy,      // Student's t with three degrees of freedom
  skewed,     // a lognormal tail to the slow side
  bimodal,    // every other launch or so gets the worse memory placement
  spikes,     // 2% of the launches are 10% slower
  wandering,  // each launch remembers half of what moved the one before: AR(0.5)
};
inline constexpr Shape all_shapes[] = {Shape::gaussian, Shape::heavy,  Shape::skewed,
                                       Shape::bimodal,  Shape::spikes, Shape::wandering};
[[nodiscard]] std::string_view name_of(Shape shape);

struct Scene {
  Shape shape = Shape::gaussian;
  bool paired = true;  // base and new alternate; otherwise all of the base come first
  double drift = 0;    // how much slower the machine gets from the first launch to the last, linearly
  std::size_t cases = 20, launches = 12;
  double planted = 0;  // by how much the first case is slower on the new side
};

class Launches {
 public:
  explicit Launches(std::uint64_t seed) : random_(seed) {}
  // One family: cases of the same launches share half of what a launch does to them.
  [[nodiscard]] std::vector<Sides> family(const Scene& scene);
  [[nodiscard]] double normal();

 private:
  [[nodiscard]] double noise(Shape shape);
  // The logarithms of what each of n launches, in the order in which they run, does to a case.
  [[nodiscard]] std::vector<double> effects(Shape shape, std::size_t n);

  Random random_;
};

}  // namespace podbench::rates
