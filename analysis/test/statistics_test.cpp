#include "analysis/statistics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace podbench {
namespace {

std::vector<std::uint64_t> numbers(std::size_t n, std::uint64_t seed, double slope = 0) {
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> noise(0, 0.1);
  std::vector<std::uint64_t> samples;
  for (std::size_t i = 0; i < n; ++i) {
    samples.push_back(static_cast<std::uint64_t>(10'000 * noise(random) + slope * static_cast<double>(i)));
  }
  return samples;
}

std::vector<double> reals(const std::vector<std::uint64_t>& samples) {
  return {samples.begin(), samples.end()};
}

TEST(Quantile, IsDefinitionSeven) {
  const std::vector<double> values = {1, 2, 3, 4, 10};
  EXPECT_DOUBLE_EQ(quantile(values, 0), 1);
  EXPECT_DOUBLE_EQ(quantile(values, 0.5), 3);
  EXPECT_DOUBLE_EQ(quantile(values, 0.9), 7.6);  // numpy.quantile([1, 2, 3, 4, 10], 0.9)
  EXPECT_DOUBLE_EQ(quantile(values, 1), 10);
  EXPECT_DOUBLE_EQ(quantile(std::vector<double>{5}, 0.99), 5);
  EXPECT_TRUE(std::isnan(quantile({}, 0.5)));
}

TEST(UpperP99, IsNotExceededByNinetyNineInAHundred) {
  std::vector<std::uint64_t> hundred, many;
  for (std::uint64_t i = 1; i <= 100; ++i) hundred.push_back(101 - i);
  for (std::uint64_t i = 1; i <= 1'000; ++i) many.push_back(1'001 - i);
  EXPECT_EQ(upper_p99(hundred), 99U);
  EXPECT_EQ(upper_p99(many), 990U);
  std::vector<std::uint64_t> few = {3, 9, 1};
  EXPECT_EQ(upper_p99(few), 9U);
  EXPECT_EQ(upper_p99({}), 0U);
}

TEST(MedianInterval, HasTheRanksOfTheTables) {
  // Conover, "Practical Nonparametric Statistics", and any table of the sign test at 5%.
  EXPECT_EQ(median_interval_rank(5), 0U);
  EXPECT_EQ(median_interval_rank(6), 1U);
  EXPECT_EQ(median_interval_rank(9), 2U);
  EXPECT_EQ(median_interval_rank(10), 2U);
  EXPECT_EQ(median_interval_rank(20), 6U);
  EXPECT_EQ(median_interval_rank(30), 10U);
  EXPECT_EQ(median_interval_rank(100), 40U);
  EXPECT_EQ(median_interval_rank(0), 0U);
  EXPECT_EQ(median_interval_rank(10, 0.999), 0U);
}

TEST(MedianInterval, CoversTheTrueMedianAsOftenAsItSays) {
  std::mt19937_64 random(7);
  std::lognormal_distribution<double> skewed(0, 1);  // true median 1
  int covered = 0;
  double stated = 0;
  constexpr int simulations = 2'000;
  for (int i = 0; i < simulations; ++i) {
    std::vector<double> samples(50);
    for (double& sample : samples) sample = skewed(random);
    std::sort(samples.begin(), samples.end());
    const Interval interval = median_interval(samples);
    covered += interval.lo <= 1 && 1 <= interval.hi ? 1 : 0;
    stated = interval.coverage;
  }
  EXPECT_GE(stated, 0.95);
  // Three standard errors of 2,000 simulations.
  EXPECT_NEAR(static_cast<double>(covered) / simulations, stated, 0.013);
}

TEST(Trend, AgreesWithTheWorkedExample) {
  // By hand: 5 of 45 pairs fall, so S = 35, its variance is 125, and z = 34 / √125.
  const std::vector<double> x = {1, 3, 2, 5, 4, 6, 10, 7, 8, 9};
  const Trend result = trend(x);
  EXPECT_NEAR(result.tau, 35.0 / 45, 1e-12);
  EXPECT_NEAR(result.p_value, 0.00236, 5e-5);
}

TEST(Trend, TiesAndConstantsAreNoTrend) {
  EXPECT_EQ(trend(std::vector<double>(50, 3.0)).p_value, 1);
  EXPECT_EQ(trend(std::vector<double>{1, 2}).p_value, 1);
  const Trend tied = trend(std::vector<double>{1, 1, 2, 2, 3, 3});
  EXPECT_NEAR(tied.tau, 12.0 / 15, 1e-12);
}

TEST(Trend, IsSeenInDriftAndNotInNoise) {
  int false_alarms = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    false_alarms += trend(reals(numbers(60, seed))).p_value < 0.05 ? 1 : 0;
  }
  EXPECT_GE(false_alarms, 8);  // 20 expected
  EXPECT_LE(false_alarms, 36);
  EXPECT_LT(trend(reals(numbers(200, 1, 10))).p_value, 1e-6);
}

TEST(Autocorrelation, OfKnownSeries) {
  std::vector<double> alternating, wave;
  for (int i = 0; i < 400; ++i) {
    alternating.push_back(i % 2);
    wave.push_back(std::sin(i / 20.0));
  }
  EXPECT_NEAR(autocorrelation(alternating), -1, 0.01);
  EXPECT_GT(autocorrelation(wave), 0.98);
  EXPECT_LT(std::abs(autocorrelation(reals(numbers(10'000, 3)))), 0.04);
  EXPECT_EQ(autocorrelation(std::vector<double>(10, 1.0)), 0);
}

TEST(Thirds, AgreeOnceWarm) {
  EXPECT_TRUE(thirds_agree(numbers(90, 5)));
  auto cold = numbers(90, 5);
  for (std::size_t i = 0; i < 30; ++i) cold[i] *= 2;
  EXPECT_FALSE(thirds_agree(cold));
  EXPECT_FALSE(thirds_agree(numbers(8, 5)));
  EXPECT_TRUE(thirds_agree(std::vector<std::uint64_t>(9, 0)));
}

TEST(StoppingRule, StopsWhenTheIntervalIsNarrow) {
  const auto samples = numbers(100'000, 11);
  StoppingRule rule;
  std::size_t stopped = 0;
  for (std::size_t n = 1; n <= samples.size() && stopped == 0; ++n) {
    if (rule.enough(std::span(samples).first(n))) stopped = n;
  }
  ASSERT_GE(stopped, 30U);
  ASSERT_LT(stopped, 2'000U);
  EXPECT_LE(rule.relative_half_width(), 0.02);
  auto sorted = reals({samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(stopped)});
  std::sort(sorted.begin(), sorted.end());
  const Interval interval = median_interval(sorted);
  EXPECT_LE((interval.hi - interval.lo) / 2 / quantile(sorted, 0.5), 0.0205);
}

TEST(StoppingRule, NeedsTheLeastNumber) {
  EXPECT_FALSE(converged(std::vector<std::uint64_t>(29, 5)));
  EXPECT_TRUE(converged(std::vector<std::uint64_t>(30, 5)));
  EXPECT_TRUE(converged(std::vector<std::uint64_t>(30, 0)));
  std::vector<std::uint64_t> bimodal(200, 100);
  std::fill(bimodal.begin(), bimodal.begin() + 100, 200);
  EXPECT_FALSE(converged(bimodal));
}

// Looks are counted by what they cost: over all of them each sample is copied a bounded number of times.
TEST(StoppingRule, LooksRarely) {
  std::vector<std::uint64_t> bimodal;
  StoppingRule rule;
  int looks = 0;
  double last = rule.relative_half_width();
  for (std::uint64_t n = 0; n < 20'000; ++n) {
    bimodal.push_back(n % 2 == 0 ? 100 : 200 + n % 7);
    static_cast<void>(rule.enough(bimodal));
    looks += rule.relative_half_width() != last ? 1 : 0;
    last = rule.relative_half_width();
  }
  EXPECT_LE(looks, 32);  // log(20000 / 30) / log(1.25) = 29
}

TEST(SampleFlags, SayWhatIsOdd) {
  using Flags = std::vector<std::string>;
  EXPECT_EQ(sample_flags(numbers(200, 21)), Flags{});
  auto spiked = numbers(200, 21);
  spiked[100] *= 20;
  EXPECT_EQ(sample_flags(spiked), Flags{"tail"});
  const auto drifting = sample_flags(numbers(200, 21, 30));
  EXPECT_NE(std::find(drifting.begin(), drifting.end(), "trend"), drifting.end());
}

}  // namespace
}  // namespace podbench
