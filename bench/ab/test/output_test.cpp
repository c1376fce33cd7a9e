#include "bench/ab/output.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "bench/ab/test/sample_experiment.hpp"

namespace podbench {
namespace {

// Three cases: equal, twice as slow, and one that has no sample on side b.
class AbOutput : public testing::Test {
 protected:
  AbOutput() {
    for (int pair = 0; pair < 6; ++pair) {
      const auto wobble = static_cast<std::uint64_t>(pair % 3);
      std::vector<CaseSummary> b = sample_summaries(experiment_.b, 10'000 + wobble);
      b[1] = sample_summaries(experiment_.b, 20'000 + wobble)[1];
      b[2].points.clear();
      ledger_.take(pair, 'a', sample_summaries(experiment_.a, 10'000 + 2 - wobble));
      ledger_.take(pair, 'b', b);
    }
    ledger_.judge(0.5);
  }
  [[nodiscard]] AbReport report() const {
    return {experiment_, ledger_.cases(), {CampaignEnd::decided, "", 0.5}, 6, "x-a.h5", "x-b.h5"};
  }

  Experiment experiment_ = sample_experiment();
  Ledger ledger_{experiment_};
};

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_F(AbOutput, FindingsSayWhatWasDecided) {
  const Findings findings = ab_findings(report());
  ASSERT_EQ(findings.findings.size(), 3U);
  EXPECT_EQ(findings.findings[0].outcome, Outcome::pass);
  EXPECT_EQ(findings.findings[0].verdict, "equivalent");
  EXPECT_EQ(findings.findings[1].outcome, Outcome::fail);
  EXPECT_EQ(findings.findings[1].verdict, "slower");
  EXPECT_EQ(findings.findings[2].outcome, Outcome::skipped);
  EXPECT_EQ(exit_code(findings), ExitCode::check_failed);
  EXPECT_TRUE(holds(findings.title, "1 slower, 1 equivalent, 1 skipped")) << findings.title;
}

TEST_F(AbOutput, ThePersonReadsSidesVerdictsAndFiles) {
  const std::string text = ab_terminal(report(), ab_findings(report()), false, 0);
  for (const char* part : {"a: --transport left\n", "b: --transport right\n", "ended after 6 of 12 pairs",
                           "the sides differ in transport", "2.000", "slower", "equivalent",
                           "allreduce/ring/left->right/float32/64B/ranks:2", "run file b: x-b.h5",
                           "this one tests at 2.5%", "97.5%"})
    EXPECT_TRUE(holds(text, part)) << part << "\n" << text;
  EXPECT_FALSE(holds(text, "would decide"));
}

TEST_F(AbOutput, TheDocumentHasTheDesign) {
  const nlohmann::ordered_json document = ab_json(report(), ab_findings(report()));
  EXPECT_EQ(document["seed"], 5);
  EXPECT_EQ(document["pairs"], 6);
  EXPECT_EQ(document["most_pairs"], 12);
  EXPECT_EQ(document["share_of_last_look"], 0.5);
  EXPECT_EQ(document["a"]["words"], "--transport left");
  EXPECT_NEAR(document["findings"][1]["p50_time_ratio"].get<double>(), 2, 0.01);
  EXPECT_NEAR(document["findings"][1]["p50_a_time_seconds"].get<double>(), 10e-6, 1e-8);
}

TEST_F(AbOutput, ThePageHasTableAndCharts) {
  const std::string html = ab_html(report(), ab_findings(report()));
  for (const char* part : {"<!doctype html", "Pair by pair", "Over the size", "slower", "left-&gt;right"})
    EXPECT_TRUE(holds(html, part)) << part;
}

TEST_F(AbOutput, WithoutAPairThereIsNothingToJudge) {
  Ledger empty(experiment_);
  const CampaignResult ended{CampaignEnd::by_person, "ended by signal 2", 0};
  const AbReport nothing{experiment_, empty.cases(), ended, 0, "", ""};
  const std::string text = ab_terminal(nothing, ab_findings(nothing), false, 0);
  EXPECT_TRUE(holds(text, "nothing to judge")) << text;
  EXPECT_TRUE(holds(text, "not completed, 0 of 12 pairs: ended by signal 2")) << text;
}

}  // namespace
}  // namespace podbench
