#include "analysis/track/critical.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "analysis/track/bench/noise.hpp"
#include "analysis/track/scan.hpp"
#include "analysis/track/tail.hpp"
#include "analysis/track/window.hpp"
#include "base/random.hpp"

namespace podbench::track {
namespace {

// The table says how often quiet scans reach a deviate: so they do, at tabulated lengths and between them.
TEST(Critical, IsReachedAsOftenAsItSays) {
  Random random(11);
  for (const std::size_t n : {16, 45, 64, 150}) {
    constexpr int scans = 20'000;
    int at_10 = 0, at_1 = 0;
    for (int i = 0; i < scans; ++i) {
      const std::vector<double> nights = quiet_nights(Noise::gaussian, n, 0.02, random);
      const double p = scan_p_value(n, std::abs(largest_of(scan_all(robust_scores(nights))).deviate));
      at_10 += p <= 0.0999 ? 1 : 0;
      at_1 += p <= 0.01 ? 1 : 0;
    }
    EXPECT_NEAR(at_10, 0.1 * scans, 0.1 * 0.1 * scans) << n;
    EXPECT_NEAR(at_1, 0.01 * scans, 0.25 * 0.01 * scans) << n;
  }
}

TEST(Critical, ValueAndProbabilityAreInverse) {
  for (const std::size_t n : {12, 31, 100, 192})
    for (const double p : {0.05, 1e-3, 4e-5, 1e-5, 1e-7})
      EXPECT_NEAR(std::log(scan_p_value(n, critical_deviate(n, p))), std::log(p), 1e-6) << n << " " << p;
}

TEST(Critical, ShortHistoriesProveNothing) {
  EXPECT_EQ(scan_p_value(least_window - 1, 50), 1);
  EXPECT_TRUE(std::isinf(critical_deviate(least_window - 1, 0.05)));
}

TEST(Critical, FallsWithTheDeviate) {
  double previous = 1;
  for (double deviate = 2.5; deviate < 9; deviate += 0.05) {
    const double p = scan_p_value(77, deviate);
    EXPECT_LE(p, previous);
    previous = p;
  }
}

}  // namespace
}  // namespace podbench::track
