#include "bench/clock/tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <vector>

namespace podbench {
namespace {

std::vector<int> clocks_of(int ranks, int ranks_a_clock) {
  std::vector<int> clocks(static_cast<std::size_t>(ranks));
  for (int r = 0; r < ranks; ++r) clocks[static_cast<std::size_t>(r)] = r / ranks_a_clock;
  return clocks;
}

// Plays all ranks' pairs, each of which needs both sides at it, and counts how far a rank is from the root.
struct Play {
  std::vector<int> measured_hops;  // by rank; -1: never learned
  bool finished = false;
};
Play play(const std::vector<int>& clocks) {
  const int ranks = static_cast<int>(clocks.size());
  std::vector<std::vector<ClockPair>> pairs;
  for (int r = 0; r < ranks; ++r) pairs.push_back(clock_pairs(r, clocks));
  std::vector<std::size_t> at(pairs.size(), 0);
  Play result{std::vector<int>(pairs.size(), -1), false};
  result.measured_hops[0] = 0;
  for (bool moved = true; moved;) {
    moved = false;
    for (int r = 0; r < ranks; ++r) {
      const auto me = static_cast<std::size_t>(r);
      if (at[me] == pairs[me].size() || !pairs[me][at[me]].asks) continue;
      const ClockPair& mine = pairs[me][at[me]];
      const auto other = static_cast<std::size_t>(mine.peer);
      if (at[other] == pairs[other].size()) continue;
      const ClockPair& theirs = pairs[other][at[other]];
      if (theirs.peer != r || theirs.asks || theirs.measures != mine.measures) continue;
      EXPECT_GE(result.measured_hops[other], 0) << "rank " << other << " answers before it knows";
      EXPECT_EQ(result.measured_hops[me], -1) << "rank " << r << " learns twice";
      result.measured_hops[me] = result.measured_hops[other] + (mine.measures ? 1 : 0);
      EXPECT_EQ(mine.measures, clocks[me] != clocks[other]);
      ++at[me], ++at[other];
      moved = true;
    }
  }
  result.finished = true;
  for (std::size_t r = 0; r < pairs.size(); ++r)
    result.finished = result.finished && at[r] == pairs[r].size();
  return result;
}

int ceil_log2(int n) {
  int k = 0;
  while ((1 << k) < n) ++k;
  return k;
}

TEST(ClockTree, ReachesEveryRankInLogarithmicDepth) {
  for (int ranks = 1; ranks <= 70; ++ranks)
    for (const int ranks_a_clock : {1, 2, 3, 8, 100}) {
      SCOPED_TRACE(testing::Message() << ranks << " ranks, " << ranks_a_clock << " a clock");
      const Play result = play(clocks_of(ranks, ranks_a_clock));
      EXPECT_TRUE(result.finished);
      const int clocks = (ranks + ranks_a_clock - 1) / ranks_a_clock;
      for (const int hops : result.measured_hops) {
        EXPECT_GE(hops, 0);
        EXPECT_LE(hops, ceil_log2(clocks));
      }
    }
}

TEST(ClockTree, WorksForScatteredClocks) {
  const Play result = play({5, 2, 5, 9, 2, 2, 9, 5, 7});
  EXPECT_TRUE(result.finished);
  EXPECT_EQ(std::count(result.measured_hops.begin(), result.measured_hops.end(), -1), 0);
}

}  // namespace
}  // namespace podbench
