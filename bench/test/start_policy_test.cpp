#include "bench/start_policy.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace podbench {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;

StartPolicy aligned_with(std::vector<StartQuality> by_rank) {
  StartPolicy policy;
  policy.aligned(by_rank, 0, 1'000);
  return policy;
}

TEST(StartPolicy, AlignsAtFirstAndThenSeldom) {
  StartPolicy policy;
  EXPECT_TRUE(policy.alignment_due(0));
  policy.aligned({}, 0, second_ns / 100);
  EXPECT_FALSE(policy.alignment_due(second_ns));
  EXPECT_TRUE(policy.alignment_due(second_ns + second_ns / 100));
  policy.aligned({}, 0, second_ns);  // a slow one: at most a twentieth of the time
  EXPECT_FALSE(policy.alignment_due(20 * second_ns));
  EXPECT_TRUE(policy.alignment_due(21 * second_ns));
}

TEST(StartPolicy, AnnouncesForTheLastToHearOfIt) {
  EXPECT_GT(aligned_with({{0, 100}, {0, 5'000}, {0, 0}}).slack_ns(), 3 * 5'000);
  EXPECT_GT(aligned_with({{0, 0}}).slack_ns(), 0);
}

TEST(StartPolicy, GoesFartherAheadWhereRanksAreLateAndComesBack) {
  StartPolicy policy = aligned_with({{0, 1'000}});
  const std::int64_t least = policy.slack_ns();
  policy.adapt(100, 5);  // a twentieth is borne
  EXPECT_EQ(policy.slack_ns(), least);
  policy.adapt(100, 6);
  EXPECT_EQ(policy.slack_ns(), 2 * least);
  for (int i = 0; i < 100; ++i) policy.adapt(1, 1);
  EXPECT_EQ(policy.slack_ns(), 32 * least);
  for (int i = 0; i < 100; ++i) policy.adapt(100, 0);
  EXPECT_EQ(policy.slack_ns(), least);
}

TEST(StartPolicy, NeverFartherThanARankWouldWait) {
  StartPolicy policy = aligned_with({{0, std::numeric_limits<std::int64_t>::max()}});
  for (int i = 0; i < 100; ++i) policy.adapt(1, 1);
  EXPECT_LT(policy.slack_ns(), CommonStart::farthest_start_ns);
}

TEST(StartPolicy, ToleratesAHundredthOrWhatCannotBeTold) {
  StartPolicy policy = aligned_with({{20, 0}, {900.5, 0}});
  EXPECT_EQ(policy.clock_error_ns(), 900.5);
  policy.tolerate_for(1'000'000);
  EXPECT_EQ(policy.tolerance_ns(), 10'000);
  policy.tolerate_for(100);
  EXPECT_EQ(policy.tolerance_ns(), 901);
  policy = aligned_with({{0, 0}});
  policy.tolerate_for(100);
  EXPECT_EQ(policy.tolerance_ns(), 150);
  policy.tolerate_all();
  EXPECT_EQ(policy.tolerance_ns(), std::numeric_limits<std::int64_t>::max());
}

}  // namespace
}  // namespace podbench
