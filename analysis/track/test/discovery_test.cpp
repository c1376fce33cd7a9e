#include "analysis/track/discovery.hpp"

#include <gtest/gtest.h>

namespace podbench::track {
namespace {

// The example of Benjamini & Hochberg (1995), table of 15 p-values: four are discoveries at 5%.
TEST(Discovery, ThePapersExample) {
  const std::vector<double> p = {0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                                 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000};
  const std::vector<double> q = q_values(p, p.size());
  for (std::size_t i = 0; i < p.size(); ++i) EXPECT_EQ(q[i] <= 0.05, i < 4) << i;
  EXPECT_NEAR(q[0], 0.0015, 1e-12);
  EXPECT_NEAR(q[3], 0.0095 * 15 / 4, 1e-12);
}

TEST(Discovery, WhatIsNotGivenCounts) {
  EXPECT_NEAR(q_values(std::vector<double>{1e-4}, 5'000)[0], 0.5, 1e-12);
  EXPECT_TRUE(q_values({}, 10).empty());
}

}  // namespace
}  // namespace podbench::track
