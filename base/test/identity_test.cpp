// Seeds, shuffles, identifiers and wall-clock text.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <set>
#include <vector>

#include "base/random.hpp"
#include "base/utc.hpp"
#include "base/uuid.hpp"

namespace podbench {
namespace {

// From the generator's published definition with splitmix64 seeding, worked out apart from this code.
TEST(Random, IsTheSameOnEveryMachine) {
  Random random(42);
  EXPECT_EQ(random.next(), 1546998764402558742u);
  EXPECT_EQ(random.next(), 6990951692964543102u);
  EXPECT_EQ(random.next(), 12544586762248559009u);
}

TEST(Random, BelowIsFairAndInRange) {
  Random random(1);
  std::vector<int> counts(7);
  for (int i = 0; i < 70'000; ++i) ++counts[random.below(7)];
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 500);  // five standard deviations
  for (int i = 0; i < 100; ++i) EXPECT_EQ(random.below(1), 0u);
  for (int i = 0; i < 1000; ++i) {
    const double unit = random.unit();
    EXPECT_TRUE(unit >= 0 && unit < 1);
  }
}

TEST(Random, ShuffleKeepsEverythingAndReachesEveryOrder) {
  std::set<std::vector<int>> orders;
  Random random(9);
  for (int i = 0; i < 1000; ++i) {
    std::vector<int> items{0, 1, 2, 3};
    random.shuffle(std::span(items));
    orders.insert(items);
  }
  EXPECT_EQ(orders.size(), 24u);
  std::vector<int> one{5}, none;
  random.shuffle(std::span(one));
  random.shuffle(std::span(none));
  EXPECT_EQ(one, std::vector<int>({5}));
}

TEST(Uuid, HasTheFormOfVersionFour) {
  std::set<std::string> seen;
  std::array<std::set<char>, 36> digits;
  for (int i = 0; i < 200; ++i) {
    const std::string uuid = new_uuid();
    ASSERT_EQ(uuid.size(), 36u);
    for (std::size_t at = 0; at < uuid.size(); ++at)
      ASSERT_EQ(uuid[at] == '-', at == 8 || at == 13 || at == 18 || at == 23) << uuid;
    ASSERT_EQ(uuid.find_first_not_of("0123456789abcdef-"), std::string::npos);
    EXPECT_EQ(uuid[14], '4');
    EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
    seen.insert(uuid);
    for (std::size_t at = 0; at < uuid.size(); ++at) digits[at].insert(uuid[at]);
  }
  EXPECT_EQ(seen.size(), 200u);
  for (std::size_t at = 0; at < digits.size(); ++at)
    EXPECT_EQ(digits[at].size() > 1, *digits[at].begin() != '-' && at != 14) << at;
}

TEST(Utc, FormatsKnownMoments) {
  EXPECT_EQ(format_utc(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_utc(951'827'696'789'000'000), "2000-02-29T12:34:56.789Z");
  EXPECT_EQ(format_utc(-1), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(format_utc_file(951'827'696'789'000'000), "20000229T123456Z");
  EXPECT_EQ(utc_now().size(), 24u);
}

}  // namespace
}  // namespace podbench
