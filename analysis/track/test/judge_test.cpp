#include "analysis/track/judge.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "analysis/track/test/planted.hpp"

namespace podbench::track {
namespace {

using test::first_nights;
using test::planted;
using test::PlantedSeries;

constexpr Rules rules;

TEST(Judge, FindsAStepWhenWhereAndHowLarge) {
  const History history = planted(200, {{.change = 150, .ratio = 1.2}});
  const Judgement judgement = judge(history, rules);
  ASSERT_EQ(judgement.changes.size(), 1U);
  const Change& change = judgement.changes.front();
  EXPECT_EQ(change.night, 150U);
  EXPECT_LE(change.earliest, 150U);
  EXPECT_GE(change.latest, 150U);
  EXPECT_LE(change.confirmed, 153U);
  EXPECT_TRUE(change.slower);
  EXPECT_NEAR(change.effect.ratio, 1.2, 0.03);
  EXPECT_LT(change.effect.lo, 1.2);
  EXPECT_GT(change.effect.hi, 1.2);
  EXPECT_NEAR(change.before_ns, 10'000, 100);
  EXPECT_LE(change.p_value, rules.alert_p);
}

TEST(Judge, ImprovementsToo) {
  const Judgement judgement = judge(planted(200, {{.change = 150, .ratio = 0.85}}), rules);
  ASSERT_EQ(judgement.changes.size(), 1U);
  EXPECT_FALSE(judgement.changes.front().slower);
}

TEST(Judge, TheTailIsAFamilyOfItsOwn) {
  const Judgement judgement =
      judge(planted(200, {{.change = 150, .ratio = 1.3, .metric = Metric::p99}}), rules);
  ASSERT_EQ(judgement.changes.size(), 1U);
  EXPECT_EQ(judgement.changes.front().metric, Metric::p99);
}

// Night after night, each change is confirmed on one night, and the last verdict agrees with all earlier
// ones.
TEST(Judge, AlertsOnce) {
  std::vector<PlantedSeries> series(12);
  for (std::size_t i = 0; i < series.size(); ++i)
    series[i] = {.change = 60 + 9 * i, .ratio = i % 2 == 0 ? 1.1 : 0.9};
  const History history = planted(200, series, 0.02, 2);
  const Judgement whole = judge(history, rules);
  EXPECT_GE(whole.changes.size(), series.size());
  std::vector<std::pair<std::size_t, std::size_t>> told;  // series, night of confirmation
  for (std::size_t nights = 1; nights <= 200; ++nights) {
    const Judgement judgement = judge(first_nights(history, nights), rules);
    for (const Change& change : judgement.changes)
      if (change.confirmed + 1 == nights) told.emplace_back(change.series, change.confirmed);
  }
  std::vector<std::pair<std::size_t, std::size_t>> at_the_end;
  for (const Change& change : whole.changes) at_the_end.emplace_back(change.series, change.confirmed);
  std::sort(told.begin(), told.end());
  std::sort(at_the_end.begin(), at_the_end.end());
  EXPECT_EQ(told, at_the_end);
}

TEST(Judge, BothWaysOfACourseThatComesBack) {
  History history = planted(220, {{.change = 120, .ratio = 1.2}});
  for (std::size_t night = 170; night < 220; ++night) history.values_ns[0][night] /= 1.2;
  const Judgement judgement = judge(history, rules);
  ASSERT_EQ(judgement.changes.size(), 2U);
  EXPECT_TRUE(judgement.changes[0].slower);
  EXPECT_FALSE(judgement.changes[1].slower);
  EXPECT_EQ(judgement.changes[1].night, 170U);
}

TEST(Judge, NoAlertByANightThatLooksAsBefore) {
  History history = planted(160, {{}});
  for (const std::size_t night : {154, 155, 156}) history.values_ns[0][night] *= 1.5;
  // Three slow nights are seen on the third; where that one is quick, nothing is confirmed by it.
  history.values_ns[0][156] = 10'000;
  for (const Change& change : judge(history, rules).changes) EXPECT_LT(change.confirmed, 156U);
}

TEST(Judge, WhatIsTooSmallToMatterIsNoAlert) {
  const History history = planted(200, {{.change = 150, .ratio = 1.006}}, 0.0005);
  EXPECT_TRUE(judge(history, rules).changes.empty());
  Rules strict;
  strict.least_effect = 0.002;
  EXPECT_EQ(judge(history, strict).changes.size(), 1U);
}

TEST(Judge, MissingNightsAreNoNights) {
  History history = planted(200, {{.change = 150, .ratio = 1.2}});
  for (std::size_t night = 0; night < 200; night += 5) history.values_ns[0][night] = std::nan("");
  const Judgement judgement = judge(history, rules);
  ASSERT_EQ(judgement.changes.size(), 1U);
  EXPECT_EQ(judgement.changes.front().night, 151U);
  EXPECT_EQ(judgement.standings[0][0].points, 160U);
}

TEST(Judge, TooLittleHistoryIsNotJudged) {
  const Judgement judgement = judge(planted(8, {{}}), rules);
  EXPECT_EQ(judgement.judged, 0U);
  EXPECT_TRUE(judgement.changes.empty());
  EXPECT_EQ(judge(planted(0, {{}}), rules).judged, 0U);
}

// A lone change among many has to be more improbable than one that is watched alone.
TEST(Judge, FalseDiscoveriesAreCountedOverTheNight) {
  std::vector<PlantedSeries> many(400);
  many[0] = {.change = 150, .ratio = 1.05};
  const History history = planted(180, many, 0.02, 3);
  for (const Change& change : judge(history, rules).changes) {
    EXPECT_LE(change.q_value, rules.false_discovery);
    EXPECT_GE(change.q_value, change.p_value);
    if (change.series == 0) {
      EXPECT_LE(change.p_value, rules.false_discovery / 400 * 1.001);
    }
  }
}

TEST(Judge, ThreadsChangeNothing) {
  std::vector<PlantedSeries> series(200, PlantedSeries{.change = 100, .ratio = 1.08});
  const History history = planted(150, series, 0.02, 4);
  const Judgement one = judge(history, rules, 1), four = judge(history, rules, 4);
  ASSERT_EQ(one.changes.size(), four.changes.size());
  for (std::size_t i = 0; i < one.changes.size(); ++i) {
    EXPECT_EQ(one.changes[i].series, four.changes[i].series);
    EXPECT_EQ(one.changes[i].confirmed, four.changes[i].confirmed);
  }
}

}  // namespace
}  // namespace podbench::track
