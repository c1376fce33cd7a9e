#include "analysis/compare/decide.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace podbench {
namespace {

// Launches around `centre` with `spread` of their logarithms.
std::vector<double> launches(std::size_t n, double centre, double spread, std::mt19937_64& random) {
  std::normal_distribution<double> noise(0, spread);
  std::vector<double> values(n);
  for (double& value : values) value = centre * std::exp(noise(random));
  return values;
}

Decision decide_one(const Sides& sides, const DecisionRules& rules = {}) {
  return decide(std::span(&sides, 1), rules).front();
}

TEST(Decide, ASlowdownOfFivePercent) {
  std::mt19937_64 random(1);
  for (const bool paired : {true, false}) {
    const Sides sides{launches(12, 1'000, 0.01, random), launches(12, 1'050, 0.01, random), paired};
    const Decision decision = decide_one(sides);
    EXPECT_EQ(decision.verdict, Verdict::slower);
    EXPECT_NEAR(decision.ratio, 1.05, 0.01);
    EXPECT_LT(decision.lo, decision.ratio);
    EXPECT_GT(decision.hi, decision.ratio);
    EXPECT_GT(decision.lo, 1.01);
    EXPECT_LT(decision.q_value, 0.001);
    EXPECT_LT(decision.sign_flip_p, 0.001);
    EXPECT_EQ(decision.launches_needed, 0U);
  }
}

TEST(Decide, SwappedSidesAreTheMirrorImage) {
  std::mt19937_64 random(2);
  for (const bool paired : {true, false}) {
    const Sides sides{launches(12, 1'000, 0.01, random), launches(12, 1'050, 0.01, random), paired};
    const Decision there = decide_one(sides), back = decide_one({sides.next, sides.base, paired});
    EXPECT_EQ(back.verdict, Verdict::faster);
    EXPECT_NEAR(back.ratio * there.ratio, 1, 1e-9);
    EXPECT_NEAR(back.lo * there.hi, 1, 1e-9);
    EXPECT_NEAR(back.p_value, there.p_value, 1e-12);
    EXPECT_NEAR(back.sign_flip_p, there.sign_flip_p, 1e-12);
  }
}

TEST(Decide, UnitsDoNotMatter) {
  std::mt19937_64 random(3);
  Sides sides{launches(8, 5, 0.02, random), launches(8, 5.2, 0.02, random), false};
  const Decision small = decide_one(sides);
  for (auto* side : {&sides.base, &sides.next})
    for (double& value : *side) value *= 1e6;
  const Decision large = decide_one(sides);
  EXPECT_NEAR(small.ratio, large.ratio, 1e-9);
  EXPECT_NEAR(small.p_value, large.p_value, 1e-9);
  EXPECT_EQ(small.verdict, large.verdict);
}

TEST(Decide, SteadyAndTheSameIsEquivalent) {
  std::mt19937_64 random(4);
  const Sides sides{launches(12, 1'000, 0.01, random), launches(12, 1'000, 0.01, random), false};
  const Decision decision = decide_one(sides);
  EXPECT_EQ(decision.verdict, Verdict::equivalent);
  EXPECT_GT(decision.lo, 0.98);
  EXPECT_LT(decision.hi, 1.02);
}

// Half a percent is seen with certainty, and is not worth a word.
TEST(Decide, WhatIsSignificantButSmallIsEquivalent) {
  std::mt19937_64 random(5);
  const Decision decision =
      decide_one({launches(20, 1'000, 0.001, random), launches(20, 1'005, 0.001, random), false});
  EXPECT_LT(decision.q_value, 0.001);
  EXPECT_EQ(decision.verdict, Verdict::equivalent);
}

TEST(Decide, NoisyIsUndecidedAndSaysHowManyLaunchesItTakes) {
  std::mt19937_64 random(6);
  const Decision decision =
      decide_one({launches(6, 1'000, 0.08, random), launches(6, 1'030, 0.08, random), false});
  EXPECT_EQ(decision.verdict, Verdict::undecided);
  EXPECT_GT(decision.launches_needed, 6U);
  EXPECT_LT(decision.launches_needed, 10'000U);
}

TEST(Decide, OneLaunchDecidesNothing) {
  const Decision unpaired = decide_one({{100}, {200}, false}), paired = decide_one({{100}, {200}, true});
  EXPECT_EQ(unpaired.verdict, Verdict::undecided);
  EXPECT_NEAR(unpaired.ratio, 2, 1e-12);
  EXPECT_TRUE(std::isnan(unpaired.lo));
  EXPECT_EQ(unpaired.launches_needed, 4U);
  EXPECT_EQ(paired.launches_needed, 6U);
}

TEST(Decide, AnEmptySideHasNoRatio) {
  for (const bool paired : {true, false}) {
    const Decision decision = decide_one({{}, {}, paired});
    EXPECT_EQ(decision.verdict, Verdict::undecided);
    EXPECT_TRUE(std::isnan(decision.ratio));
    EXPECT_EQ(decision.launches_needed, 0U);
  }
  EXPECT_TRUE(std::isnan(decide_one({{1, 2}, {}, false}).ratio));
}

// Times in whole nanoseconds can be the same in every launch.
TEST(Decide, WithoutSpreadItTakesLaunchesToBeSure) {
  const Decision two = decide_one({{100, 100}, {103, 103}, true});
  EXPECT_EQ(two.verdict, Verdict::undecided);
  const Decision twelve = decide_one({std::vector<double>(12, 100), std::vector<double>(12, 103), true});
  EXPECT_EQ(twelve.verdict, Verdict::slower);
  EXPECT_NEAR(twelve.p_value, 2.0 / 4'096, 1e-12);
  const Decision same = decide_one({std::vector<double>(6, 100), std::vector<double>(6, 100), true});
  EXPECT_EQ(same.verdict, Verdict::equivalent);
  EXPECT_EQ(same.ratio, 1);
}

// Drift that both launches of a pair share is no difference, and is not mistaken for spread either.
TEST(Decide, PairsTakeDriftOut) {
  std::mt19937_64 random(7);
  Sides sides{launches(10, 1'000, 0.003, random), launches(10, 1'030, 0.003, random), true};
  for (std::size_t i = 0; i < 10; ++i) {
    sides.base[i] *= 1 + 0.05 * static_cast<double>(i);
    sides.next[i] *= 1 + 0.05 * static_cast<double>(i);
  }
  EXPECT_EQ(decide_one(sides).verdict, Verdict::slower);
  sides.paired = false;
  EXPECT_EQ(decide_one(sides).verdict, Verdict::undecided);
}

// What would be called slower alone is one of a hundred that had the chance.
TEST(Decide, AFamilyAsksForMore) {
  std::mt19937_64 random(8);
  std::vector<Sides> family;
  for (int i = 0; i < 200; ++i)
    family.push_back({launches(8, 1'000, 0.02, random), launches(8, 1'000, 0.02, random), false});
  int alone = 0, together = 0;
  for (const Sides& sides : family) {
    const Verdict verdict = decide_one(sides).verdict;
    alone += verdict == Verdict::faster || verdict == Verdict::slower ? 1 : 0;
  }
  for (const Decision& decision : decide(family)) {
    EXPECT_GE(decision.q_value, decision.p_value);
    together += decision.verdict == Verdict::faster || decision.verdict == Verdict::slower ? 1 : 0;
  }
  EXPECT_GE(alone, 3);  // 10 expected
  EXPECT_LE(alone, 20);
  EXPECT_EQ(together, 0);
}

TEST(Decide, CasesThatCannotBeTestedDoNotCountAsAsked) {
  std::mt19937_64 random(9);
  const Sides real{launches(8, 1'000, 0.01, random), launches(8, 1'020, 0.01, random), false};
  std::vector<Sides> family(50, Sides{{1}, {1}, false});
  family.push_back(real);
  EXPECT_EQ(decide(family).back().q_value, decide_one(real).q_value);
}

TEST(Decide, AShareOfTheErrorAsksForMoreAndWidensTheInterval) {
  std::mt19937_64 random(10);
  const Sides sides{launches(8, 1'000, 0.02, random), launches(8, 1'030, 0.02, random), true};
  DecisionRules look;
  look.share = 0.1;
  const Decision whole = decide_one(sides), part = decide_one(sides, look);
  EXPECT_EQ(whole.p_value, part.p_value);
  EXPECT_LT(part.lo, whole.lo);
  EXPECT_GT(part.hi, whole.hi);
}

// The t test can be a hair more certain than the signs allow; it is then not believed.
TEST(Decide, TheCrossCheckHasAVeto) {
  std::mt19937_64 random(12);
  int contradicted = 0;
  for (int i = 0; i < 4'000 && contradicted < 5; ++i) {
    const Sides sides{launches(8, 1'000, 0.02, random), launches(8, 1'020, 0.02, random), true};
    const Decision decision = decide_one(sides);
    if (decision.p_value > 0.05 || decision.sign_flip_p <= 0.05) continue;
    ++contradicted;
    EXPECT_NE(decision.verdict, Verdict::slower);
    EXPECT_NE(decision.verdict, Verdict::faster);
  }
  EXPECT_EQ(contradicted, 5);
}

}  // namespace
}  // namespace podbench
