#include "analysis/track/scan.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "analysis/track/bench/noise.hpp"
#include "analysis/track/tail.hpp"
#include "analysis/track/window.hpp"
#include "base/random.hpp"

namespace podbench::track {
namespace {

std::vector<double> noisy_step(std::size_t nights, std::size_t change, double step, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> values(nights);
  for (std::size_t i = 0; i < nights; ++i) values[i] = standard_normal(random) + (i >= change ? step : 0);
  return values;
}

TEST(Scan, FindsTheNightOfAStep) {
  for (const std::size_t after : {3, 4, 10, 40}) {
    const Split split = largest_of(scan_all(robust_scores(noisy_step(120, 120 - after, 6, after))));
    EXPECT_EQ(split.after, after);
    EXPECT_GT(split.deviate, 5);
  }
}

TEST(Scan, KnowsTheDirection) {
  EXPECT_LT(largest_of(scan_all(robust_scores(noisy_step(100, 90, -6, 7)))).deviate, -5);
}

TEST(Scan, NeedsThreeNightsOnEachSide) {
  EXPECT_TRUE(scan_all(std::vector<double>{1, 2, 3, 4, 5}).empty());
  const std::vector<Split> splits = scan_all(std::vector<double>{1, 2, 3, 4, 5, 6});
  ASSERT_EQ(splits.size(), 1U);
  EXPECT_EQ(splits.front().after, least_segment);
}

TEST(Scan, OfEqualNightsFindsNothing) {
  EXPECT_TRUE(scan_all(std::vector<double>(30, 0.0)).empty());
}

TEST(Scan, LooksBackABoundedNumberOfNights) {
  const std::vector<Split> splits = scan_all(robust_scores(noisy_step(longest_window, 0, 0, 8)));
  EXPECT_EQ(splits.back().after, most_after);
}

TEST(Autocorrelation, IsThatOfTheProcess) {
  Random random(9);
  double sum = 0;
  constexpr int runs = 300;
  for (int run = 0; run < runs; ++run)
    sum +=
        autocorrelation_about(robust_scores(quiet_nights(Noise::autocorrelated, 100, 0.02, random)), {5, 0});
  EXPECT_NEAR(sum / runs, 0.5, 0.05);
}

// A step is no autocorrelation.
TEST(Autocorrelation, IsSeenAboutTheLevels) {
  const std::vector<double> scores = robust_scores(noisy_step(120, 80, 5, 10));
  EXPECT_LT(std::abs(autocorrelation_about(scores, {40, 0})), 0.3);
  EXPECT_GT(autocorrelation_about(scores, {3, 0}), 0.5);
}

}  // namespace
}  // namespace podbench::track
