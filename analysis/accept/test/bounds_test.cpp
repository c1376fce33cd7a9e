#include "analysis/accept/bounds.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "analysis/accept/acceptance.hpp"
#include "analysis/pod/test/simulation.hpp"
#include "base/random.hpp"

namespace podbench::accept {
namespace {

// What is decided at the looks, one after the other, as an acceptance does; `median` is the values' true one.
template <typename Draw>
Outcome sequentially(Draw draw, Limit kind, double limit, Random& random) {
  std::vector<double> values;
  for (const int look : looks) {
    while (values.size() < static_cast<std::size_t>(look)) values.push_back(draw(random));
    const Outcome outcome = judge_median(values, kind, limit).outcome;
    if (outcome != Outcome::inconclusive) return outcome;
  }
  return Outcome::inconclusive;
}

template <typename Draw>
void expect_kept_error(Draw draw, std::uint64_t seed) {
  constexpr int runs = 40'000;
  Random random(seed);
  for (const Limit kind : {Limit::at_least, Limit::at_most}) {
    int passed = 0, failed = 0;
    for (int i = 0; i < runs; ++i) {
      const Outcome outcome = sequentially(draw, kind, 1.0, random);
      passed += outcome == Outcome::pass ? 1 : 0;
      failed += outcome == Outcome::fail ? 1 : 0;
    }
    // Three standard errors of a share of 2.5% above it.
    const double most = look_error + 3 * std::sqrt(look_error * (1 - look_error) / runs);
    EXPECT_LE(static_cast<double>(passed) / runs, most);
    EXPECT_LE(static_cast<double>(failed) / runs, most);
    EXPECT_GT(passed, runs / 200);  // and not by deciding nothing
    EXPECT_GT(failed, runs / 200);
  }
}

TEST(LookRanks, SpendTheErrorOverAllLooks) {
  EXPECT_EQ(look_ranks(looks, look_error), (std::vector<std::size_t>{2, 5, 13}));
  EXPECT_EQ(look_ranks(std::vector<int>{40}, 0.025),
            (std::vector<std::size_t>{14}));  // table of the sign test
  EXPECT_EQ(look_ranks(std::vector<int>{4, 40}, 0.025), (std::vector<std::size_t>{0, 14}));
}

TEST(MedianBounds, AreSelectedOrderStatistics) {
  std::vector<double> values;
  for (int i = 1; i <= 45; ++i) values.push_back(i);
  const auto at = [&](std::size_t n) { return median_bounds(std::span(values).first(n)); };
  EXPECT_EQ(at(9).launches, 0U);
  EXPECT_TRUE(std::isnan(at(9).lo));
  EXPECT_EQ(at(9).median, 5);
  EXPECT_EQ(at(10).lo, 2);
  EXPECT_EQ(at(10).hi, 9);
  EXPECT_EQ(at(19).lo, 2);  // the look of 10 still
  EXPECT_EQ(at(19).launches, 10U);
  EXPECT_EQ(at(20).lo, 5);
  EXPECT_EQ(at(20).hi, 16);
  EXPECT_EQ(at(45).lo, 13);
  EXPECT_EQ(at(45).hi, 28);
  EXPECT_EQ(at(45).launches, 40U);
  EXPECT_TRUE(std::isnan(median_bounds({}).median));
}

TEST(JudgeMedian, KeepsItsErrorAtTheLimit) {
  expect_kept_error([](Random& random) { return 1 + 0.1 * podbench::sample::normal(random); }, 1);
  expect_kept_error([](Random& random) { return std::exp(podbench::sample::normal(random)); }, 2);
  // Half of the launches in one mode, half in another.
  expect_kept_error(
      [](Random& random) { return random.below(2) == 0 ? 0.5 + random.unit() / 2 : 1 + random.unit(); }, 3);
}

TEST(JudgeMedian, DecidesWhatIsClear) {
  const std::vector<double> good(10, 2.0), bad(10, 0.5);
  EXPECT_EQ(judge_median(good, Limit::at_least, 1).outcome, Outcome::pass);
  EXPECT_EQ(judge_median(bad, Limit::at_least, 1).outcome, Outcome::fail);
  EXPECT_EQ(judge_median(good, Limit::at_most, 1).outcome, Outcome::fail);
  EXPECT_EQ(judge_median(bad, Limit::at_most, 1).outcome, Outcome::pass);
  EXPECT_EQ(judge_median(std::span(good).first(9), Limit::at_least, 1).outcome, Outcome::inconclusive);
  std::vector<double> one_bad = good;
  one_bad[3] = 0.1;
  EXPECT_EQ(judge_median(one_bad, Limit::at_least, 1).outcome, Outcome::pass);
  one_bad[4] = 0.1;
  EXPECT_EQ(judge_median(one_bad, Limit::at_least, 1).outcome, Outcome::inconclusive);
}

}  // namespace
}  // namespace podbench::accept
