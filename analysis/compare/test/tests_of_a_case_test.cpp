// The parts of a decision against published examples.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "analysis/compare/contrast.hpp"
#include "analysis/compare/false_discovery.hpp"
#include "analysis/compare/hodges_lehmann.hpp"
#include "analysis/compare/launches_needed.hpp"
#include "analysis/compare/resampling.hpp"

namespace podbench {
namespace {

LogSides pairs(const std::vector<double>& base, const std::vector<double>& next) {
  LogSides sides{base, next, {}};
  for (std::size_t i = 0; i < base.size(); ++i) sides.differences.push_back(next[i] - base[i]);
  return sides;
}

// Hours of sleep gained with two drugs by ten patients: Student, Biometrika 6 (1908).
const std::vector<double> drug_1 = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
const std::vector<double> drug_2 = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

TEST(Contrast, OfPairsIsStudents) {
  const Contrast sleep = contrast(pairs(drug_1, drug_2));
  EXPECT_NEAR(sleep.difference / sleep.standard_error, 4.0621, 5e-5);
  EXPECT_EQ(sleep.degrees, 9);
  EXPECT_NEAR(t_test_p(sleep), 0.002833, 5e-7);
  EXPECT_NEAR(sleep.difference - t_half_width(sleep, 0.95), 0.7001142, 1e-6);
  EXPECT_NEAR(sleep.difference + t_half_width(sleep, 0.95), 2.4598858, 1e-6);
}

TEST(Contrast, OfIndependentSidesIsWelchs) {
  const Contrast sleep = contrast({drug_1, drug_2, {}});
  EXPECT_NEAR(sleep.difference / sleep.standard_error, 1.8608, 5e-5);
  EXPECT_NEAR(sleep.degrees, 17.776, 5e-4);
  EXPECT_NEAR(t_test_p(sleep), 0.07939, 5e-6);
}

TEST(Contrast, SaysWhatOtherNumbersOfLaunchesWouldGive) {
  const Contrast sleep = contrast({drug_1, drug_2, {}});
  EXPECT_NEAR(sleep.variance / 10, sleep.standard_error * sleep.standard_error, 1e-12);
  EXPECT_NEAR(sleep.degrees_each * 9, sleep.degrees, 1e-9);
}

TEST(Contrast, NeedsTwoOfEverything) {
  EXPECT_FALSE(contrast(pairs({1}, {2})).usable);
  EXPECT_FALSE(contrast({{1}, {2, 3}, {}}).usable);
  EXPECT_TRUE(contrast({{1, 2}, {2, 3}, {}}).usable);
}

// The two one-sided p-values are those of t tests against ± the margin: by hand from the sleep data, whose
// standard error is 0.3889587 with 9 degrees of freedom: (2 − 1.58) / 0.3889587 = 1.0798.
TEST(Contrast, EquivalenceIsTheWorseOfTwoTests) {
  const Contrast sleep = contrast(pairs(drug_1, drug_2));
  EXPECT_NEAR(equivalence_p(sleep, 2), 0.15416, 2e-4);
  EXPECT_GT(equivalence_p(sleep, 1.5), 0.5);
}

// Heights of crossed and self-fertilised maize of Darwin, differences in eighths of an inch. Fisher ("The
// Design of Experiments", § 21) counts 863 of 32,768 sets of signs whose sum is at least 314.
TEST(SignFlip, IsFishersExample) {
  const std::vector<double> maize = {49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};
  EXPECT_DOUBLE_EQ(sign_flip_p(maize), 2 * 863.0 / 32'768);
}

TEST(SignFlip, DrawsWhatItCannotVisit) {
  std::mt19937_64 random(3);
  std::normal_distribution<double> noise(0.5, 1);
  std::vector<double> few(16), more;
  for (double& d : few) d = noise(random);
  more = few;
  more.push_back(1e-9);  // one more pair that hardly matters: drawn, yet nearly the same p-value
  EXPECT_NEAR(sign_flip_p(more), sign_flip_p(few), 0.01);
  EXPECT_EQ(sign_flip_p(more), sign_flip_p(more));
}

TEST(SignFlip, OfNoDifferenceIsOne) {
  EXPECT_EQ(sign_flip_p(std::vector<double>(8, 0.0)), 1);
  EXPECT_EQ(sign_flip_p(std::vector<double>(6, 0.1)), 2.0 / 64);
  EXPECT_EQ(least_sign_flip_p(6), 2.0 / 64);
}

// Survival of mice (Efron & Tibshirani, "An Introduction to the Bootstrap", table 2.1). Counted by visiting
// all 11,440 choices in another language: 3,513 have a Welch's t at least as large.
TEST(Permutation, OfTheMiceCountsEveryChoice) {
  const std::vector<double> control = {52, 104, 146, 10, 51, 30, 40, 27, 46};
  const std::vector<double> treated = {94, 197, 16, 38, 99, 141, 23};
  EXPECT_DOUBLE_EQ(permutation_p(control, treated), 3'513.0 / 11'440);
  EXPECT_DOUBLE_EQ(permutation_p(treated, control), 3'513.0 / 11'440);
}

TEST(Permutation, OfSidesApartIsTheLeastThereIs) {
  const std::vector<double> low = {1, 2, 3, 4}, high = {11, 12, 13, 14};
  EXPECT_DOUBLE_EQ(permutation_p(low, high), 2.0 / 70);
  EXPECT_DOUBLE_EQ(least_permutation_p(4, 4), 2.0 / 70);
  EXPECT_DOUBLE_EQ(permutation_p(std::vector<double>(4, 1.0), std::vector<double>(4, 2.0)), 2.0 / 70);
  EXPECT_EQ(permutation_p(low, low), 1);
}

TEST(Permutation, DrawnAgreesWithTheTTest) {
  std::mt19937_64 random(5);
  std::normal_distribution<double> noise(0, 1);
  std::vector<double> base(20), next(20);
  for (double& x : base) x = noise(random);
  for (double& x : next) x = noise(random) + 0.8;
  const double t = t_test_p(contrast({base, next, {}}));
  EXPECT_LT(t, 0.2);
  EXPECT_NEAR(permutation_p(base, next), t, 0.01);
}

// Critical values of the two-sided 5% tests from the tables of every textbook (e.g. Siegel & Castellan): the
// statistic may be at most k − 1.
TEST(WilcoxonRanks, AreThoseOfTheTables) {
  WilcoxonRanks ranks(0.95);
  const std::vector<std::pair<std::size_t, std::size_t>> signed_rank = {
      {6, 0}, {7, 2}, {8, 3}, {9, 5}, {10, 8}, {11, 10}, {12, 13}, {15, 25}, {20, 52}, {25, 89}, {30, 137}};
  EXPECT_EQ(ranks.signed_rank(5), 0U);
  for (const auto& [pairs, critical] : signed_rank)
    EXPECT_EQ(ranks.signed_rank(pairs), critical + 1) << pairs;
  EXPECT_EQ(ranks.rank_sum(3, 3), 0U);
  EXPECT_EQ(ranks.rank_sum(3, 5), 1U);
  EXPECT_EQ(ranks.rank_sum(4, 4), 1U);
  EXPECT_EQ(ranks.rank_sum(10, 4), 6U);
  EXPECT_EQ(ranks.rank_sum(8, 8), 14U);
  EXPECT_EQ(ranks.rank_sum(12, 12), 38U);
  EXPECT_EQ(ranks.rank_sum(20, 20), 128U);
}

TEST(WilcoxonRanks, NormalApproximationTakesOverSmoothly) {
  WilcoxonRanks ranks(0.95);
  const auto step = [](std::size_t a, std::size_t b) {
    return static_cast<double>(b) / static_cast<double>(a);
  };
  EXPECT_NEAR(step(ranks.signed_rank(60), ranks.signed_rank(61)), 1 + 2.0 / 60, 0.02);
  EXPECT_NEAR(step(ranks.rank_sum(50, 50), ranks.rank_sum(50, 51)), 51.0 / 50, 0.02);
}

// Hollander, Wolfe & Chicken, "Nonparametric Statistical Methods", examples 3.1, 3.3 and 3.4: a depression
// scale before and after treatment.
TEST(HodgesLehmann, OfPairsIsTheTextbooks) {
  const std::vector<double> before = {1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
  const std::vector<double> after = {0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};
  WilcoxonRanks ranks(0.95);
  const Shift shift = hodges_lehmann(pairs(before, after), ranks);
  EXPECT_NEAR(shift.estimate, -0.46, 1e-9);
  EXPECT_NEAR(shift.lo, -0.786, 1e-9);
  EXPECT_NEAR(shift.hi, -0.010, 1e-9);
}

// The same book, examples 4.1, 4.3 and 4.4: permeability of membranes.
TEST(HodgesLehmann, OfIndependentSidesIsTheTextbooks) {
  const std::vector<double> at_term = {0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
  const std::vector<double> early = {1.15, 0.88, 0.90, 0.74, 1.21};
  WilcoxonRanks ranks(0.95);
  const Shift shift = hodges_lehmann({at_term, early, {}}, ranks);
  EXPECT_NEAR(shift.estimate, -0.305, 1e-9);
  EXPECT_NEAR(shift.lo, -0.76, 1e-9);
  EXPECT_NEAR(shift.hi, 0.15, 1e-9);
}

// Selection by bisection against all values written out.
TEST(HodgesLehmann, SelectsAmongAllValues) {
  std::mt19937_64 random(11);
  std::normal_distribution<double> noise(0, 1);
  WilcoxonRanks ranks(0.95);
  for (const std::size_t n : {7U, 12U, 31U}) {
    LogSides sides;
    // Rounded, so that there are ties.
    for (std::size_t i = 0; i < n; ++i) sides.base.push_back(std::round(noise(random) * 4) / 4);
    for (std::size_t i = 0; i < n + 3; ++i) sides.next.push_back(std::round(noise(random) * 4) / 4);
    std::vector<double> all;
    for (const double x : sides.base)
      for (const double y : sides.next) all.push_back(y - x);
    std::sort(all.begin(), all.end());
    const std::size_t k = ranks.rank_sum(n, n + 3), m = all.size();
    const Shift shift = hodges_lehmann(sides, ranks);
    EXPECT_DOUBLE_EQ(shift.estimate, (all[(m - 1) / 2] + all[m / 2]) / 2);
    EXPECT_DOUBLE_EQ(shift.lo, all[k - 1]);
    EXPECT_DOUBLE_EQ(shift.hi, all[m - k]);
  }
}

TEST(HodgesLehmann, CoversAsOftenAsItSays) {
  std::mt19937_64 random(7);
  std::lognormal_distribution<double> skewed(0, 1);
  WilcoxonRanks ranks(0.95);
  int covered = 0;
  constexpr int simulations = 2'000;
  for (int i = 0; i < simulations; ++i) {
    LogSides sides;
    for (int launch = 0; launch < 8; ++launch) {
      sides.base.push_back(skewed(random));
      sides.next.push_back(skewed(random) + 1);
    }
    const Shift shift = hodges_lehmann(sides, ranks);
    covered += shift.lo <= 1 && 1 <= shift.hi ? 1 : 0;
  }
  // P(U ≤ 13) of 8 and 8 is 0.0249 on each side; three standard errors of 2,000 simulations.
  EXPECT_NEAR(static_cast<double>(covered) / simulations, 0.950, 0.015);
}

TEST(HodgesLehmann, FewLaunchesHaveTheTInterval) {
  WilcoxonRanks ranks(0.95);
  const LogSides three = pairs({0, 0, 0}, {0.1, 0.2, 0.3});
  const Shift shift = hodges_lehmann(three, ranks);
  EXPECT_NEAR(shift.estimate, 0.2, 1e-12);
  EXPECT_NEAR(shift.hi - 0.2, 4.302653 * 0.1 / std::sqrt(3.0), 1e-6);  // t[0.975, 2]
  EXPECT_TRUE(std::isnan(hodges_lehmann(pairs({0}, {0.1}), ranks).lo));
  EXPECT_TRUE(std::isnan(hodges_lehmann({{}, {1, 2}, {}}, ranks).estimate));
}

// The example of Benjamini & Hochberg's paper: of 15 hypotheses the first four are rejected at 5%.
TEST(FalseDiscovery, IsThePapersExample) {
  const std::vector<double> p = {0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                                 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.000};
  const std::vector<double> q = false_discovery_q(p);
  for (std::size_t i = 0; i < p.size(); ++i) EXPECT_EQ(q[i] <= 0.05, i < 4) << i;
  EXPECT_NEAR(q[0], 0.0015, 1e-12);
  EXPECT_NEAR(q[3], 0.035625, 1e-12);
  EXPECT_DOUBLE_EQ(q[14], 1);
}

TEST(FalseDiscovery, KeepsTheGivenOrder) {
  const std::vector<double> q = false_discovery_q(std::vector<double>{0.9, 0.001, 0.02});
  EXPECT_NEAR(q[0], 0.9, 1e-12);
  EXPECT_NEAR(q[1], 0.003, 1e-12);
  EXPECT_NEAR(q[2], 0.03, 1e-12);
  EXPECT_TRUE(false_discovery_q({}).empty());
}

// Cohen, "Statistical Power Analysis for the Behavioral Sciences", table 2.4.1 (80% power at 5%, two-sided):
// independent sides with an effect of 0.5 or 0.8 standard deviations need 64 and 26 each. Pairs at 0.5: 34.
TEST(LaunchesNeeded, AgreesWithTheTables) {
  Demands demands;
  demands.equivalence = 1e-9;
  const Contrast unlike{0, 1, 10, 2, 2, true};
  EXPECT_EQ(launches_needed(unlike, 0.5, demands), 64U);
  EXPECT_EQ(launches_needed(unlike, -0.8, demands), 26U);
  demands.paired = true;
  const Contrast paired{0, 1, 10, 1, 1, true};
  EXPECT_EQ(launches_needed(paired, 0.5, demands), 34U);
}

TEST(LaunchesNeeded, AreThoseThatLetTheCrossCheckSpeak) {
  Demands demands;
  demands.equivalence = 0.02;
  EXPECT_EQ(launches_needed({}, 0.1, demands), 4U);
  demands.paired = true;
  EXPECT_EQ(launches_needed({}, 0.1, demands), 6U);
  const Contrast steady{0, 1e-6, 10, 1e-10, 1, true};
  EXPECT_EQ(launches_needed(steady, 0.5, demands), 6U);
}

TEST(LaunchesNeeded, NoneWhereNoneWouldDo) {
  Demands demands;
  demands.least_effect = 0.01;
  demands.equivalence = 0.02;
  const Contrast wild{0, 1, 10, 100, 2, true};
  EXPECT_EQ(launches_needed(wild, 0.015, demands), 0U);
}

// Equivalence: at the number of launches it gives, four of five simulated comparisons must show it.
TEST(LaunchesNeeded, FindEquivalenceFourTimesOutOfFive) {
  Demands demands;
  demands.least_effect = 0.01;
  demands.equivalence = 0.02;
  demands.paired = true;
  const Contrast seen{0, 1, 10, 0.03 * 0.03, 1, true};
  const std::size_t n = launches_needed(seen, 0, demands);
  std::mt19937_64 random(1);
  std::normal_distribution<double> noise(0, 0.03);
  int shown = 0;
  constexpr int simulations = 2'000;
  for (int i = 0; i < simulations; ++i) {
    std::vector<double> base(n, 0.0), next(n);
    for (double& x : next) x = noise(random);
    shown += equivalence_p(contrast(pairs(base, next)), 0.02) <= 0.05 ? 1 : 0;
  }
  EXPECT_NEAR(static_cast<double>(shown) / simulations, 0.8, 0.04);
}

}  // namespace
}  // namespace podbench
