#include "analysis/track/report.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "analysis/track/load.hpp"
#include "analysis/track/self_test.hpp"
#include "analysis/track/test/planted.hpp"
#include "analysis/track/words.hpp"

namespace podbench::track {
namespace {

using test::first_nights;
using test::planted;

struct Told {
  History history;
  Judgement judgement;
  Findings findings;
};

Told on_night(const History& history, std::size_t nights) {
  Told told{first_nights(history, nights), {}, {}};
  told.judgement = judge(told.history, {});
  told.findings = findings_of(told.history, told.judgement);
  return told;
}

const Finding& finding(const Told& told) {
  return told.findings.findings.front();
}

TEST(Report, FailsOnTheNightOfTheAlertAndOnNoOther) {
  const History history = planted(190, {{.change = 150, .ratio = 1.2}});
  const std::size_t confirmed = judge(history, {}).changes.front().confirmed;
  EXPECT_EQ(exit_code(on_night(history, confirmed).findings), ExitCode::good);
  const Told tonight = on_night(history, confirmed + 1);
  EXPECT_EQ(exit_code(tonight.findings), ExitCode::check_failed);
  EXPECT_EQ(finding(tonight).verdict, "slower");
  const Told after = on_night(history, confirmed + 2);
  EXPECT_EQ(exit_code(after.findings), ExitCode::good);
  EXPECT_EQ(finding(after).verdict, "slower since 2026-05-31");
}

TEST(Report, AnImprovementIsNoFailure) {
  const History history = planted(190, {{.change = 150, .ratio = 0.8}});
  const std::size_t confirmed = judge(history, {}).changes.front().confirmed;
  const Told tonight = on_night(history, confirmed + 1);
  EXPECT_EQ(exit_code(tonight.findings), ExitCode::good);
  EXPECT_EQ(finding(tonight).verdict, "faster");
  EXPECT_NE(terminal_text(tonight.history, tonight.judgement).find("Improvement"), std::string::npos);
}

TEST(Report, TooLittleHistoryIsInconclusive) {
  const Told told = on_night(planted(5, {{}}), 5);
  EXPECT_EQ(exit_code(told.findings), ExitCode::inconclusive);
  EXPECT_NE(terminal_text(told.history, told.judgement).find("Too little history"), std::string::npos);
}

TEST(Report, SaysWhatWhenHowMuchAndTheCommandThatSaysMore) {
  const History history = planted(190, {{.change = 150, .ratio = 1.2}, {}});
  const std::size_t confirmed = judge(history, {}).changes.front().confirmed;
  const Told told = on_night(history, confirmed + 1);
  const std::string text = terminal_text(told.history, told.judgement);
  for (const char* const words :
       {"REGRESSION: 1 series (p50)", "since 2026-05-31", "allreduce/ring/alpha/float32", "+2",
        "podbench compare nightly/149.h5 --vs nightly/150.h5"})
    EXPECT_NE(text.find(words), std::string::npos) << words << "\n" << text;
}

TEST(Report, TheDocumentHoldsTheAlert) {
  const History history = planted(190, {{.change = 150, .ratio = 1.2}});
  const Told told = on_night(history, judge(history, {}).changes.front().confirmed + 1);
  const nlohmann::ordered_json object = json_of(told.findings, told.history, told.judgement);
  ASSERT_EQ(object["alerts"].size(), 1U);
  EXPECT_TRUE(object["alerts"][0]["new"].get<bool>());
  EXPECT_EQ(object["alerts"][0]["changes"][0]["first_night"], "2026-05-31T02:00:00.000Z");
  EXPECT_NEAR(object["alerts"][0]["changes"][0]["ratio"].get<double>(), 1.2, 0.03);
  EXPECT_EQ(object["nights"].size(), told.history.nights.size());
}

TEST(Report, ThePageDrawsTheAlertedSeries) {
  const History history = planted(190, {{.change = 150, .ratio = 1.2}, {}});
  const Told told = on_night(history, 190);
  const std::string html = html_of(told.findings, told.history, told.judgement);
  EXPECT_NE(html.find("slower since 2026-05-31"), std::string::npos);
  EXPECT_NE(html.find("All series"), std::string::npos);
}

TEST(SelfTest, FindsTheRatesOfKnownNoise) {
  const History history = planted(200, {{}, {}, {}});
  SelfTestRequest request;
  request.series_years = 60;
  request.steps = {1.0, 1.10};
  const SelfTest result = self_test(history, judge(history, {}), {}, request);
  EXPECT_EQ(result.series, 3U);
  EXPECT_LE(result.false_low, 0.02);
  EXPECT_GT(result.false_high, 0.0);
  EXPECT_LT(result.steps[0].found, 0.2) << "no step: nothing to find";
  EXPECT_EQ(result.steps[1].found, 1.0);
  EXPECT_LE(result.steps[1].median_nights, 4);
}

// A step in the history itself is no noise.
TEST(SelfTest, LevelsAreTakenOut) {
  const History history = planted(200, {{.change = 100, .ratio = 1.5}});
  SelfTestRequest request;
  request.series_years = 50;
  request.steps = {};
  EXPECT_LE(self_test(history, judge(history, {}), {}, request).false_alerts, 0.1);
}

TEST(SelfTest, NeedsAMonth) {
  const History history = planted(20, {{}});
  EXPECT_EQ(self_test(history, judge(history, {}), {}, {}).series, 0U);
}

}  // namespace
}  // namespace podbench::track
