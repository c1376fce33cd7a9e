#include "analysis/compare/comparison.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "analysis/compare/outputs.hpp"
#include "analysis/compare/test/sides.hpp"

namespace podbench::compare {
namespace {

using test::environment_of;
using test::key_of;
using test::run_of;
using test::summary_of;

// Times by size: base 10 us + 1 ns/B, new 20 us + 0.5 ns/B: they cross at 20,000 B.
class CrossingSides : public ::testing::Test {
 protected:
  CrossingSides() {
    std::mt19937_64 random(1);
    std::vector<CaseSummary> a, b;
    for (std::uint64_t bytes = 1'024; bytes <= 1'048'576; bytes *= 4) {
      const auto size = static_cast<double>(bytes);
      a.push_back(summary_of(key_of("one", "ring", bytes), 10'000 + size, 8, random));
      b.push_back(summary_of(key_of("one", "ring", bytes), 20'000 + 0.5 * size, 8, random));
    }
    base_.runs = {run_of("a.h5", a)};
    next_.runs = {run_of("b.h5", b)};
    base_.environments = {environment_of("a.h5")};
    next_.environments = {environment_of("b.h5")};
  }

  [[nodiscard]] Comparison compared() const {
    return compare(base_, next_, {}, {&find_metric("p50"), &find_metric("p99")});
  }

  Side base_, next_;
};

TEST_F(CrossingSides, AreDecidedBySize) {
  const Comparison comparison = compared();
  ASSERT_EQ(comparison.families.size(), 2U);
  const std::vector<Decision>& p50 = comparison.families[0].decisions;
  ASSERT_EQ(p50.size(), 6U);
  EXPECT_EQ(p50.front().verdict, Verdict::slower);
  EXPECT_EQ(p50.back().verdict, Verdict::faster);
  EXPECT_NEAR(p50.back().ratio, (20'000 + 0.5 * 1'048'576) / (10'000 + 1'048'576.0), 0.01);
}

TEST_F(CrossingSides, CrossWhereTheyDo) {
  const Comparison comparison = compared();
  ASSERT_EQ(comparison.families[0].crossovers.size(), 1U);
  const Crossover& crossover = comparison.families[0].crossovers[0];
  EXPECT_TRUE(crossover.next_wins_above);
  EXPECT_EQ(comparison.matching.cases[crossover.smaller].base_key.bytes, 16'384U);
  EXPECT_EQ(comparison.matching.cases[crossover.larger].base_key.bytes, 65'536U);
  // Between the logarithms at 16 and 64 KiB: log(1.0698) against log(0.6988).
  const double share =
      std::log(28'192 / 26'384.0) / (std::log(28'192 / 26'384.0) - std::log(52'768 / 75'536.0));
  EXPECT_NEAR(crossover.bytes, 16'384 * std::pow(4, share), 500);
}

TEST_F(CrossingSides, GeometricMeanIsThatOfTheRatios) {
  const Comparison comparison = compared();
  double product = 1;
  for (const Decision& decision : comparison.families[0].decisions) product *= decision.ratio;
  const GeometricMean& mean = comparison.families[0].mean;
  EXPECT_NEAR(mean.ratio, std::pow(product, 1 / 6.0), 1e-9);
  EXPECT_LT(mean.lo, mean.ratio);
  EXPECT_GT(mean.hi, mean.ratio);
  EXPECT_LT(mean.hi / mean.lo, 1.02);
}

TEST_F(CrossingSides, TerminalSaysWhatMatters) {
  const std::string text = terminal_text(compared(), false, 0);
  for (const char* part : {"base  a.h5", "new   b.h5", "The environment is the same", "slower", "faster",
                           "the new side is faster from about", "geometric mean", "8/8"})
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  EXPECT_EQ(text.find('\033'), std::string::npos);
}

TEST_F(CrossingSides, EnvironmentStandsBeforeTheTable) {
  next_.environments[0].nodes[0].attributes["cpu.model"] = "B";
  const std::string text = terminal_text(compared(), false, 0);
  const std::size_t environment = text.find("cpu.model"), verdict = text.find("verdict");
  ASSERT_NE(environment, std::string::npos);
  ASSERT_NE(verdict, std::string::npos);
  EXPECT_LT(environment, verdict);
}

TEST_F(CrossingSides, FindingsFailWhereSlower) {
  const Comparison comparison = compared();
  const Findings findings = findings_of(comparison);
  EXPECT_EQ(findings.findings.size(), 12U);
  EXPECT_EQ(exit_code(findings), ExitCode::check_failed);
  const nlohmann::ordered_json document = document_of(comparison, findings);
  EXPECT_EQ(document["families"].size(), 2U);
  EXPECT_EQ(document["families"][0]["crossovers"].size(), 1U);
  const auto& first = document["findings"][0];
  EXPECT_EQ(first["bytes"], "1024");
  EXPECT_EQ(first["metric"], "p50");
  EXPECT_NEAR(first["time_ratio"].get<double>(), 20'512.0 / 11'024, 0.02);
  EXPECT_NEAR(first["base_time_seconds"].get<double>(), 11'024e-9, 1e-7);
}

TEST_F(CrossingSides, PageHasCurvesAndTables) {
  const std::string html = page_of(compared());
  for (const char* part : {"allreduce/ring", "Every case: median", "Environment", "from here"})
    EXPECT_NE(html.find(part), std::string::npos) << part;
}

TEST_F(CrossingSides, WithoutASharedCaseThereIsNothingToSay) {
  std::mt19937_64 random(1);
  next_.runs = {run_of("b.h5", {summary_of(key_of("two", "ring", 8), 100, 3, random)})};
  const Comparison comparison = compared();
  EXPECT_TRUE(comparison.matching.cases.empty());
  const std::string text = terminal_text(comparison, false, 0);
  EXPECT_NE(text.find("nothing to say"), std::string::npos) << text;
  EXPECT_NE(text.find("only in the base: 6 cases"), std::string::npos) << text;
  EXPECT_EQ(exit_code(findings_of(comparison)), ExitCode::inconclusive);
  EXPECT_FALSE(page_of(comparison).empty());
}

TEST(Drift, IsSeenOverAllCasesTogether) {
  std::mt19937_64 random(5);
  std::vector<CaseSummary> steady, drifting;
  for (std::uint64_t bytes = 1; bytes <= 20; ++bytes) {
    steady.push_back(summary_of(key_of("one", "ring", bytes), 1'000, 10, random));
    drifting.push_back(steady.back());
    // 6% from the first launch to the last.
    for (std::size_t launch = 0; launch < 10; ++launch)
      drifting.back().points[launch].p50_ns *= std::pow(1.06, static_cast<double>(launch) / 9);
  }
  const std::vector<RunSummary> runs = {run_of("steady.h5", steady), run_of("drifting.h5", drifting)};
  const std::vector<Drift> found = drifts(runs);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].source, "drifting.h5");
  EXPECT_NEAR(found[0].change, 0.06, 0.01);
}

TEST_F(CrossingSides, WhatIsLeftOutIsSkippedAndSaid) {
  for (CaseSummary& summary : next_.runs[0].cases)
    if (summary.key.bytes < 5'000) summary.status = CaseStatus::skipped;
  const Comparison comparison = compared();
  const Findings findings = findings_of(comparison);
  ASSERT_EQ(findings.findings.size(), 2 * 4 + 2U);
  EXPECT_EQ(findings.findings.back().outcome, Outcome::skipped);
  EXPECT_EQ(findings.findings.back().group, "allreduce");
  EXPECT_EQ(findings.findings.back().text, "skipped in the new runs");
  EXPECT_NE(terminal_text(comparison, false, 0).find("not compared: 2 cases"), std::string::npos);
  EXPECT_NE(page_of(comparison).find("skipped in the new runs"), std::string::npos);
}

TEST_F(CrossingSides, WhatNoLongerWorksFails) {
  for (CaseSummary& summary : next_.runs[0].cases)
    if (summary.key.bytes < 5'000) summary.status = CaseStatus::wrong_data;
  const Comparison comparison = compared();
  const Findings findings = findings_of(comparison);
  ASSERT_EQ(findings.findings.size(), 2 * 4 + 2U);
  EXPECT_EQ(findings.findings.back().outcome, Outcome::fail);
  EXPECT_EQ(findings.findings.back().verdict, "broken");
  EXPECT_EQ(findings.findings.back().text, "wrong data in the new runs");
  EXPECT_NE(findings.title.find("2 broken"), std::string::npos) << findings.title;
  EXPECT_NE(terminal_text(comparison, false, 0).find("broken: 2 cases"), std::string::npos);
  EXPECT_NE(page_of(comparison).find("2 broken"), std::string::npos);
}

// What a launch does to all of its cases is one observation, however many cases there are.
TEST(GeometricMeanInterval, CountsLaunchesNotCases) {
  std::mt19937_64 random(3);
  std::normal_distribution<double> noise(0, 0.02);
  int covered = 0;
  constexpr int simulations = 500;
  for (int i = 0; i < simulations; ++i) {
    std::vector<CaseSummary> a, b;
    for (std::uint64_t bytes = 1; bytes <= 30; ++bytes) {
      a.push_back(summary_of(key_of("one", "ring", bytes), 1'000, 6, random));
      b.push_back(summary_of(key_of("one", "ring", bytes), 1'000, 6, random));
    }
    for (auto* side : {&a, &b})
      for (std::size_t launch = 0; launch < 6; ++launch) {
        const double effect = std::exp(noise(random));
        for (CaseSummary& summary : *side) summary.points[launch].p50_ns *= effect;
      }
    const std::vector<RunSummary> base = {run_of("a", a)}, next = {run_of("b", b)};
    const Matching matching = match(base, next, {});
    std::vector<Decision> decisions(matching.cases.size());
    for (std::size_t c = 0; c < decisions.size(); ++c) {
      const Sides sides = sides_of(matching.cases[c], find_metric("p50"));
      double log_ratio = 0;
      for (const double time : sides.next) log_ratio += std::log(time) / 6;
      for (const double time : sides.base) log_ratio -= std::log(time) / 6;
      decisions[c].ratio = std::exp(log_ratio);
    }
    const GeometricMean mean = geometric_mean(matching, decisions, &LaunchValue::p50_ns);
    covered += mean.lo <= 1 && 1 <= mean.hi ? 1 : 0;
  }
  // Student's t with the fewer degrees of freedom is a little wide, never too narrow.
  EXPECT_GE(static_cast<double>(covered) / simulations, 0.935);
}

}  // namespace
}  // namespace podbench::compare
