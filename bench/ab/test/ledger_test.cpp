#include "bench/ab/ledger.hpp"

#include <gtest/gtest.h>

#include "bench/ab/test/sample_experiment.hpp"

namespace podbench {
namespace {

// Launches that differ a little, as launches do.
std::uint64_t wobble(int pair) {
  return static_cast<std::uint64_t>(pair * 7 % 5) * 3;
}

TEST(Ledger, APlainSlowdownIsSlowerAndNothingElseIs) {
  const Experiment experiment = sample_experiment();
  Ledger ledger(experiment);
  for (int pair = 0; pair < 12; ++pair) {
    std::vector<CaseSummary> b = sample_summaries(experiment.b, 10'000 + wobble(pair + 1));
    b[1] = sample_summaries(experiment.b, 10'500 + wobble(pair + 1))[1];
    ledger.take(pair, 'b', b);
    ledger.take(pair, 'a', sample_summaries(experiment.a, 10'000 + wobble(pair)));
  }
  ledger.judge(1);
  ASSERT_EQ(ledger.cases().size(), 3U);
  EXPECT_EQ(ledger.cases()[0].p50.decision.verdict, Verdict::equivalent);
  EXPECT_EQ(ledger.cases()[1].p50.decision.verdict, Verdict::slower);
  EXPECT_EQ(ledger.cases()[1].p99.decision.verdict, Verdict::slower);
  EXPECT_NEAR(ledger.cases()[1].p50.decision.ratio, 1.05, 0.005);
  EXPECT_EQ(ledger.cases()[1].pairs(), 12U);
  EXPECT_EQ(ledger.cases()[1].a.sync, "clock");
  EXPECT_TRUE(ledger.all_decided());
  EXPECT_EQ(ledger.decided(), 3U);
}

TEST(Ledger, OnlyWholePairsCount) {
  const Experiment experiment = sample_experiment();
  Ledger ledger(experiment);
  for (int pair = 0; pair < 6; ++pair) {
    ledger.take(pair, 'a', sample_summaries(experiment.a, 10'000));
    if (pair != 3) ledger.take(pair, 'b', sample_summaries(experiment.b, 20'000 + wobble(pair)));
  }
  EXPECT_EQ(ledger.whole_pairs(), 5);
  ledger.judge(1);
  EXPECT_EQ(ledger.cases()[0].pairs(), 5U);
  // Pair 4's values stand side by side, not those of neighbours.
  EXPECT_EQ(ledger.cases()[0].p50.sides.next[3], static_cast<double>(20'000 + wobble(4)));
}

TEST(Ledger, ACaseWithoutSamplesIsSilentAndHoldsNothingUp) {
  const Experiment experiment = sample_experiment();
  Ledger ledger(experiment);
  for (int pair = 0; pair < 6; ++pair) {
    std::vector<CaseSummary> b = sample_summaries(experiment.b, 10'000 + wobble(pair));
    b[2].points.clear();
    b[2].status = CaseStatus::skipped;
    b[2].note = "too large";
    ledger.take(pair, 'a', sample_summaries(experiment.a, 20'000));
    ledger.take(pair, 'b', b);
  }
  ledger.judge(1);
  EXPECT_TRUE(ledger.cases()[2].silent());
  EXPECT_FALSE(ledger.cases()[2].decided());
  EXPECT_EQ(ledger.cases()[2].note, "too large");
  EXPECT_EQ(ledger.cases()[0].p50.decision.verdict, Verdict::faster);
  EXPECT_TRUE(ledger.all_decided());
}

TEST(Ledger, WrongDataIsDecided) {
  const Experiment experiment = sample_experiment(2);
  Ledger ledger(experiment);
  for (int pair = 0; pair < 2; ++pair) {
    std::vector<CaseSummary> b = sample_summaries(experiment.b, 10'000 + wobble(pair));
    for (CaseSummary& summary : b)
      if (pair == 1) summary.status = CaseStatus::wrong_data;
    ledger.take(pair, 'a', sample_summaries(experiment.a, 10'000));
    ledger.take(pair, 'b', b);
  }
  ledger.judge(1);
  EXPECT_TRUE(ledger.cases()[0].wrong_b);
  EXPECT_FALSE(ledger.cases()[0].wrong_a);
  EXPECT_TRUE(ledger.all_decided());
}

TEST(Ledger, TooFewPairsDecideNothing) {
  const Experiment experiment = sample_experiment();
  Ledger ledger(experiment);
  ledger.take(0, 'a', sample_summaries(experiment.a, 10'000));
  ledger.take(0, 'b', sample_summaries(experiment.b, 90'000));
  ledger.judge(1);
  EXPECT_EQ(ledger.decided(), 0U);
  EXPECT_FALSE(ledger.all_decided());
}

}  // namespace
}  // namespace podbench
