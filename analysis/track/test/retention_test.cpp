#include "analysis/track/retention.hpp"

#include <gtest/gtest.h>

#include "analysis/track/test/planted.hpp"
#include "base/error.hpp"

namespace podbench::track {
namespace {

using test::first_nights;
using test::planted;
using test::PlantedSeries;

TEST(Keep, NightsAndDays) {
  EXPECT_EQ(parse_keep("90").nights, 90U);
  EXPECT_EQ(parse_keep("90d").seconds, 90.0 * 86'400);
  for (const char* const wrong : {"", "0", "d", "-3", "90w", "9 0", "90dd", "1e9", "99999999999"})
    EXPECT_THROW(static_cast<void>(parse_keep(wrong)), RequestError) << wrong;
}

TEST(Retention, OldNightsGoAndTheWindowStays) {
  const History history = planted(400, {{}});
  const Judgement judgement = judge(history, {});
  const Retention by_count = plan_retention(history, judgement, {}, parse_keep("300"));
  ASSERT_EQ(by_count.deletable.size(), 100U);
  EXPECT_EQ(by_count.deletable.front(), 0U);
  EXPECT_EQ(by_count.deletable.back(), 99U);
  EXPECT_EQ(plan_retention(history, judgement, {}, parse_keep("300d")).deletable.size(), 99U);
  const Retention little = plan_retention(history, judgement, {}, parse_keep("10"));
  EXPECT_EQ(little.deletable.size(), 400 - reach_nights);
  EXPECT_EQ(little.needed, reach_nights - 10);
}

TEST(Retention, WhatIsNotCompleteIsNotTouched) {
  History history = planted(400, {{}});
  history.nights[7].complete = false;
  const Retention retention = plan_retention(history, judge(history, {}), {}, parse_keep("300"));
  EXPECT_EQ(retention.deletable.size(), 99U);
  for (const std::size_t night : retention.deletable) EXPECT_NE(night, 7U);
}

// The promise itself: whatever night the old ones are deleted, all later nights judge as if they were there.
TEST(Retention, LaterNightsJudgeTheSame) {
  std::vector<PlantedSeries> series;
  for (std::size_t i = 0; i < 30; ++i)
    series.push_back({.change = 30 + 17 * i, .ratio = i % 3 == 0 ? 0.95 : 1.06});
  const History history = planted(560, series, 0.02, 6);
  const Judgement whole = judge(history, {});
  for (const std::size_t tonight : {380, 420, 470}) {
    const History known = first_nights(history, tonight);
    const std::size_t gone = plan_retention(known, judge(known, {}), {}, parse_keep("1")).deletable.size();
    if (gone == 0) continue;
    std::vector<std::pair<std::size_t, std::size_t>> expected, seen;
    for (const Change& change : whole.changes)
      if (change.confirmed >= tonight) expected.emplace_back(change.series, change.confirmed);
    for (const Change& change : judge(nights_from(history, gone), {}).changes)
      if (change.confirmed + gone >= tonight) seen.emplace_back(change.series, change.confirmed + gone);
    EXPECT_EQ(seen, expected) << tonight << ", " << gone << " gone";
    EXPECT_FALSE(expected.empty());
  }
}

}  // namespace
}  // namespace podbench::track
