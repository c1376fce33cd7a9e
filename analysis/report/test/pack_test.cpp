#include "analysis/report/pack.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace podbench::report {
namespace {

using Values = std::vector<std::uint64_t>;

TEST(Pack, WritesDifferencesInFewBytes) {
  // 1 is zigzag 2, −1 is 1, 64 is 128: two bytes, the lower seven bits first.
  EXPECT_EQ(pack(Values{}), "");
  EXPECT_EQ(pack(Values{1, 0}), "AgE=");
  EXPECT_EQ(pack(Values{64}), "gAE=");
  const Values steady(1000, 6400);
  EXPECT_LT(pack(steady).size(), 1400U);
}

TEST(Thin, KeepsEveryKthAndTheLargest) {
  Values samples(100);
  std::iota(samples.begin(), samples.end(), 1000U);
  samples[37] = 50'000;
  const Thinned all = thin(samples, 1), some = thin(samples, 8);
  EXPECT_EQ(all.kept, samples);
  EXPECT_TRUE(all.largest.empty());
  EXPECT_EQ(some.kept.size(), 13U);
  EXPECT_EQ(some.kept[1], samples[8]);
  ASSERT_EQ(some.largest.size(), 1U);
  EXPECT_EQ(some.largest.front(), (std::pair<std::size_t, std::uint64_t>{37, 50'000}));
  EXPECT_TRUE(thin(Values{}, 4).kept.empty());
}

}  // namespace
}  // namespace podbench::report
