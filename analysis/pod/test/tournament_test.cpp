#include "analysis/pod/tournament.hpp"

#include <gtest/gtest.h>

#include <set>

namespace podbench {
namespace {

TEST(Tournament, EveryPairMeetsOnceInDisjointRounds) {
  for (int n = 0; n <= 41; ++n) {
    const Tournament tournament(n);
    EXPECT_EQ(tournament.rounds(), n < 2 ? 0 : n % 2 == 0 ? n - 1 : n);
    std::set<std::pair<int, int>> met;
    std::multiset<int> rested;
    for (int round = 0; round < tournament.rounds(); ++round) {
      std::set<int> busy;
      const auto pairs = tournament.pairs(round);
      EXPECT_EQ(pairs.size(), static_cast<std::size_t>(n / 2));
      for (const auto& [a, b] : pairs) {
        EXPECT_LT(a, b);
        EXPECT_GE(a, 0);
        EXPECT_LT(b, n);
        EXPECT_TRUE(busy.insert(a).second && busy.insert(b).second);
        EXPECT_TRUE(met.insert({a, b}).second);
      }
      const int resting = tournament.resting(round);
      EXPECT_EQ(resting >= 0, n % 2 != 0);
      if (resting >= 0) {
        EXPECT_FALSE(busy.contains(resting));
        rested.insert(resting);
      }
    }
    EXPECT_EQ(met.size(), static_cast<std::size_t>(n < 2 ? 0 : n * (n - 1) / 2));
    for (int player = 0; player < n; ++player) EXPECT_EQ(rested.count(player), n > 1 && n % 2 != 0 ? 1u : 0u);
  }
}

TEST(Tournament, RoundsOfALargePodComeOneAtATime) {
  const Tournament tournament(200'000);
  EXPECT_EQ(tournament.rounds(), 199'999);
  EXPECT_EQ(tournament.pairs(123'456).size(), 100'000u);
}

}  // namespace
}  // namespace podbench
