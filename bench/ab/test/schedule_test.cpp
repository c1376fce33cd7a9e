#include "bench/ab/schedule.hpp"

#include <gtest/gtest.h>

#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <numeric>
#include <set>

#include "analysis/compare/decide.hpp"
#include "base/random.hpp"

namespace podbench {
namespace {

TEST(Schedule, EveryTwoPairsBeginOnceWithEachSide) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const std::vector<PairPlan> pairs = plan_pairs(seed, 24);
    ASSERT_EQ(pairs.size(), 24U);
    for (std::size_t i = 0; i < pairs.size(); i += 2) EXPECT_NE(pairs[i].a_first, pairs[i + 1].a_first);
  }
  EXPECT_EQ(plan_pairs(1, 7).size(), 7U);
}

TEST(Schedule, WhichComesFirstIsDrawn) {
  int a_first = 0;
  std::set<std::uint64_t> case_seeds;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const PairPlan first = plan_pairs(seed, 1).front();
    a_first += first.a_first ? 1 : 0;
    case_seeds.insert(first.case_seed);
  }
  // Binomial(1000, ½): six standard deviations.
  EXPECT_NEAR(a_first, 500, 95);
  EXPECT_EQ(case_seeds.size(), 1000U);
}

TEST(Schedule, TheSameSeedGivesTheSameOrder) {
  EXPECT_EQ(plan_pairs(7, 24), plan_pairs(7, 24));
  EXPECT_NE(plan_pairs(7, 24), plan_pairs(8, 24));
}

TEST(Schedule, LooksDoubleUpToTheLastPair) {
  EXPECT_EQ(plan_looks(6, 24), (std::vector{6, 12, 24}));
  EXPECT_EQ(plan_looks(6, 12), (std::vector{6, 12}));
  EXPECT_EQ(plan_looks(6, 20), (std::vector{6, 12, 20}));
  EXPECT_EQ(plan_looks(6, 6), std::vector{6});
  EXPECT_EQ(plan_looks(6, 2), std::vector{2});
}

TEST(Schedule, TheLooksSpendAllOfTheErrorAndNoMore) {
  for (const int most : {6, 7, 24, 100}) {
    double spent = 0;
    int before = 0;
    for (const int pairs : plan_looks(6, most)) {
      spent += share_of_look(before, pairs, most);
      before = pairs;
    }
    EXPECT_NEAR(spent, 1, 1e-12);
  }
}

// How often experiments end with a wrong verdict: pairs come in with this true log ratio and spread, and the
// experiment ends at the first look that decides.
struct Trial {
  double log_ratio, spread;
  bool split;  // the error over the looks; otherwise each look spends all of it
};
double wrong_verdicts(const Trial& trial, bool (*is_wrong)(Verdict), int experiments) {
  Random random(12345);
  const boost::math::normal normal;
  int wrong = 0;
  for (int experiment = 0; experiment < experiments; ++experiment) {
    Sides sides{{}, {}, true};
    int before = 0;
    for (const int pairs : plan_looks(6, 24)) {
      while (sides.base.size() < static_cast<std::size_t>(pairs)) {
        sides.base.push_back(1);
        sides.next.push_back(
            std::exp(trial.log_ratio + trial.spread * quantile(normal, random.unit() + 0x1p-54)));
      }
      DecisionRules rules;
      if (trial.split) rules.share = share_of_look(before, pairs, 24);
      before = pairs;
      const Verdict verdict = decide({&sides, 1}, rules).front().verdict;
      if (verdict == Verdict::undecided) continue;
      wrong += is_wrong(verdict) ? 1 : 0;
      break;
    }
  }
  return static_cast<double>(wrong) / experiments;
}

bool is_difference(Verdict verdict) {
  return verdict == Verdict::faster || verdict == Verdict::slower;
}
bool is_equivalence(Verdict verdict) {
  return verdict == Verdict::equivalent;
}

// With this spread no A/A experiment is called equivalent before it could be called different.
constexpr double wide = 0.08;
constexpr int experiments = 1500;
// Four standard errors of a share of 5% among so many.
const double margin = 4 * std::sqrt(0.05 * 0.95 / experiments);

TEST(Looks, TogetherKeepTheErrorOfADifference) {
  EXPECT_LE(wrong_verdicts({0, wide, true}, is_difference, experiments), 0.05 + margin);
}

TEST(Looks, EachAtFullErrorWouldNot) {
  EXPECT_GT(wrong_verdicts({0, wide, false}, is_difference, experiments), 0.05 + margin);
}

TEST(Looks, TogetherKeepTheErrorOfEquivalence) {
  // Exactly at the margin of 2%, where every verdict "equivalent" is wrong.
  EXPECT_LE(wrong_verdicts({std::log(1.02), 0.02, true}, is_equivalence, experiments), 0.05 + margin);
}

TEST(Looks, ARealSlowdownOfFivePercentIsFound) {
  const auto not_slower = [](Verdict verdict) { return verdict != Verdict::slower; };
  // 2% of noise a launch: √2 × 2% a pair. An experiment that ends undecided counts as not found.
  const double other = wrong_verdicts({std::log(1.05), 0.028, true}, not_slower, 500);
  EXPECT_LT(other, 0.02);
  const double found = wrong_verdicts(
      {std::log(1.05), 0.028, true}, [](Verdict verdict) { return verdict == Verdict::slower; }, 500);
  EXPECT_GT(found, 0.95);
}

}  // namespace
}  // namespace podbench
