#include "analysis/track/effect.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "analysis/track/bench/noise.hpp"
#include "base/random.hpp"

namespace podbench::track {
namespace {

TEST(Effect, IsTheMedianOfTheRatios) {
  const std::vector<double> before = {100, 110, 120}, after = {220, 240};
  // Ratios: 2.2 2.4 2 2.1818 1.8333 2; sorted 1.8333 2 2 2.1818 2.2 2.4.
  EXPECT_NEAR(effect_of(before, after, 0.95).ratio, std::sqrt(2 * 2.181818), 1e-6);
}

// Of 40 × 10 differences, floor(400/2 − 1.96 √(40·10·51/12)) = 119 lie outside on either side (Hollander &
// Wolfe, equation 4.3).
TEST(Effect, IntervalLeavesTheRankSumTestsShareOutside) {
  std::vector<double> before, after;
  for (int i = 0; i < 40; ++i) before.push_back(std::exp(i * 1e-3));
  for (int i = 0; i < 10; ++i) after.push_back(std::exp(1 + i * 40e-3));
  const Effect effect = effect_of(before, after, 0.95);
  // The differences are 1 + (40 j − i)/1000 for i < 40, j < 10: 0.961 … 1.36 in steps of 0.001, all 400
  // distinct.
  EXPECT_NEAR(std::log(effect.lo), 0.961 + 119e-3, 1e-9);
  EXPECT_NEAR(std::log(effect.hi), 1.36 - 119e-3, 1e-9);
}

TEST(Effect, IntervalHoldsTheTruthAsOftenAsItSays) {
  Random random(12);
  int held = 0;
  constexpr int runs = 2'000;
  for (int run = 0; run < runs; ++run) {
    const auto before = quiet_nights(Noise::gaussian, 60, 0.02, random);
    auto after = quiet_nights(Noise::gaussian, 5, 0.02, random);
    for (double& value : after) value *= 1.05;
    const Effect effect = effect_of(before, after, 0.95);
    held += effect.lo <= 1.05 && 1.05 <= effect.hi ? 1 : 0;
  }
  EXPECT_NEAR(held, 0.95 * runs, 0.02 * runs);
}

TEST(Effect, AutocorrelationWidensIt) {
  Random random(13);
  const auto before = quiet_nights(Noise::gaussian, 60, 0.02, random);
  const auto after = quiet_nights(Noise::gaussian, 6, 0.02, random);
  const Effect narrow = effect_of(before, after, 0.95), wide = effect_of(before, after, 0.95, 1.5);
  EXPECT_LT(wide.lo, narrow.lo);
  EXPECT_GT(wide.hi, narrow.hi);
}

}  // namespace
}  // namespace podbench::track
