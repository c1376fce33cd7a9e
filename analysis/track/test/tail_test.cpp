#include "analysis/track/tail.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "analysis/track/bench/noise.hpp"
#include "base/random.hpp"

namespace podbench::track {
namespace {

std::vector<double> draws(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> values(count);
  for (double& value : values) value = standard_normal(random);
  return values;
}

TEST(RobustScores, AreDeviatesOfNormalNoiseWhateverItsUnit) {
  std::vector<double> values = draws(10'001, 1);
  for (double& value : values) value = 7'000 + 50 * value;
  const std::vector<double> scores = robust_scores(values);
  for (const std::size_t i : {0, 17, 4'000}) EXPECT_NEAR(scores[i], (values[i] - 7'000) / 50, 0.08);
}

TEST(RobustScores, AreBounded) {
  std::vector<double> values = draws(99, 2);
  values.push_back(1e9);
  EXPECT_EQ(robust_scores(values).back(), largest_score);
}

TEST(RobustScores, OfEqualValuesAreNothing) {
  for (const double score : robust_scores(std::vector<double>(20, 412.0))) EXPECT_EQ(score, 0);
}

TEST(RobustScores, OfACoarseClockStillTellApart) {
  std::vector<double> values(20, 412.0);
  values[3] = 413;
  EXPECT_GT(robust_scores(values)[3], robust_scores(values)[4]);
}

// Against the probability itself: how often the mean of four draws from normal noise is that large.
TEST(MeanDeviate, HasTheTailProbabilityOfTheMean) {
  const boost::math::normal normal;
  for (const double z : {2.5, 3.5, 4.5}) {
    const double mean = z / 2;  // of four
    double sum = 0;
    constexpr int pasts = 200;
    for (std::uint64_t seed = 0; seed < pasts; ++seed) {
      std::vector<double> past = draws(180, 100 + seed);
      for (double& score : past) score = std::clamp(score, -largest_score, largest_score);
      sum += mean_deviate(past, 4, mean);
    }
    EXPECT_NEAR(sum / pasts, z, 0.12) << z;
  }
}

// Exactly: of a past of −1 and +1 in equal parts the mean of m draws is 1 with probability 2^−m, up to the
// quarter night that may have been further out.
TEST(MeanDeviate, OfTwoPointsIsNearTheBinomial) {
  std::vector<double> past;
  for (int i = 0; i < 1'000; ++i) past.push_back(i % 2 == 0 ? 1 : -1);
  const double p =
      boost::math::cdf(boost::math::complement(boost::math::normal(), mean_deviate(past, 10, 0.6)));
  // P(Binomial(10, 1/2) >= 8) = 56/1024; the continuous approximation lies between it and P(> 8) = 11/1024.
  EXPECT_LT(p, 56.0 / 1024);
  EXPECT_GT(p, 11.0 / 1024);
}

TEST(MeanDeviate, IsOdd) {
  std::vector<double> past = draws(50, 3), mirrored = past;
  for (double& score : mirrored) score = -score;
  EXPECT_NEAR(mean_deviate(past, 5, 1.5), -mean_deviate(mirrored, 5, -1.5), 1e-6);
}

TEST(MeanDeviate, HeavyTailsMakeTheSameMeanLessRemarkable) {
  std::vector<double> calm = draws(150, 4), spiky = calm;
  for (std::size_t i = 0; i < 10; ++i) spiky[i * 15] = i % 2 == 0 ? largest_score : -largest_score;
  EXPECT_LT(mean_deviate(spiky, 3, 2.2), mean_deviate(calm, 3, 2.2) - 0.3);
}

TEST(MeanDeviate, ShortPastsAreNotSure) {
  const std::vector<double> past = draws(200, 5);
  EXPECT_LT(mean_deviate(std::span(past).first(9), 3, 2.5), mean_deviate(past, 3, 2.5));
  EXPECT_TRUE(std::isfinite(mean_deviate(std::span(past).first(3), 3, largest_score)));
}

// Against a simulation of the process itself.
TEST(AutocorrelationInflation, IsTheSpreadOfTheDifferenceOfMeans) {
  constexpr double rho = 0.5;
  constexpr std::size_t n = 60, after = 4, runs = 20'000;
  Random random(6);
  double squares = 0;
  for (std::size_t run = 0; run < runs; ++run) {
    double value = standard_normal(random), before = 0, end = 0;
    for (std::size_t i = 0; i < n; ++i) {
      (i < n - after ? before : end) += value;
      value = rho * value + std::sqrt(1 - rho * rho) * standard_normal(random);
    }
    const double difference = end / after - before / (n - after);
    squares += difference * difference;
  }
  const double independent = 1.0 / after + 1.0 / (n - after);
  const double seen = std::sqrt(squares / runs / independent);
  EXPECT_NEAR(AutocorrelationInflation(n, rho)(after), seen, 0.03 * seen);
  EXPECT_EQ(AutocorrelationInflation(n, -0.3)(after), 1);
}

}  // namespace
}  // namespace podbench::track
