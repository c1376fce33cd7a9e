#include "analysis/show/show.hpp"

#include <gtest/gtest.h>

#include "analysis/test/sample_summary.hpp"
#include "base/error.hpp"

namespace podbench {
namespace {

using test::sample_summary;

TEST(ShowFindings, AStatusIsAnOutcome) {
  RunSummary run = sample_summary();
  run.cases[0].status = CaseStatus::wrong_data;
  run.cases[1].status = CaseStatus::skipped;
  const Findings findings = show_findings(std::span(&run, 1), {});
  ASSERT_EQ(findings.findings.size(), 4U);
  std::map<Outcome, int> outcomes;
  for (const Finding& finding : findings.findings) ++outcomes[finding.outcome];
  EXPECT_EQ(outcomes[Outcome::fail], 1);
  EXPECT_EQ(outcomes[Outcome::skipped], 1);
  EXPECT_EQ(outcomes[Outcome::inconclusive], 1);
  EXPECT_EQ(outcomes[Outcome::pass], 1);
  EXPECT_NE(junit(findings).find("wrong data"), std::string::npos);
}

TEST(ShowFindings, MeasuresAreTheValuesAskedForInBaseUnits) {
  const RunSummary run = sample_summary();
  ShowRequest request;
  request.where = {"transport=shm", "bytes=64"};
  request.values = {"p50", "algbw"};
  const Findings findings = show_findings(std::span(&run, 1), request);
  ASSERT_EQ(findings.findings.size(), 1U);
  const auto& measures = findings.findings[0].measures;
  ASSERT_EQ(measures.size(), 2U);
  EXPECT_EQ(measures[0].name, "p50_seconds");
  EXPECT_DOUBLE_EQ(measures[0].value, 500e-9);
  EXPECT_EQ(measures[1].name, "algbw_bytes_per_second");
  EXPECT_DOUBLE_EQ(measures[1].value, 64.0 / 500 * 1e9);
  EXPECT_NE(openmetrics(findings).find("podbench_show_p50_seconds{"), std::string::npos);
}

TEST(ShowPage, HasCurvesAndCases) {
  const RunSummary run = sample_summary();
  const std::string page = show_html(std::span(&run, 1), {});
  EXPECT_NE(page.find("allreduce: p50 over bytes"), std::string::npos);
  EXPECT_NE(page.find("All cases"), std::string::npos);
  EXPECT_NE(page.find("monday"), std::string::npos);
}

TEST(ShowPage, APivotIsATableAndAChart) {
  const RunSummary run = sample_summary();
  ShowRequest request;
  request.rows = "bytes";
  request.cols = "transport";
  request.values = {"p50", "algbw"};
  const std::string page = show_html(std::span(&run, 1), request);
  EXPECT_NE(page.find("p50 over bytes"), std::string::npos);
  EXPECT_NE(page.find("algbw over bytes"), std::string::npos);
  request.rows = "transport";
  request.cols = "bytes";
  EXPECT_EQ(show_html(std::span(&run, 1), request).find("over transport"), std::string::npos);
}

TEST(ShowPage, AnEmptySelectionSaysSo) {
  const RunSummary run = sample_summary();
  ShowRequest request;
  request.where = {"transport=none"};
  EXPECT_NE(show_html(std::span(&run, 1), request).find("No case matches"), std::string::npos);
}

}  // namespace
}  // namespace podbench
