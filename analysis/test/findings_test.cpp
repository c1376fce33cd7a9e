#include "analysis/findings.hpp"

#include <gtest/gtest.h>
#include <tinyxml2.h>

#include <limits>
#include <nlohmann/json.hpp>

namespace podbench {
namespace {

Findings sample() {
  Findings findings;
  findings.command = "compare";
  findings.title = "a against b";
  findings.notes = {"kernel differs"};
  findings.findings = {{.name = "pingpong/shm",
                        .group = "pingpong",
                        .verdict = "equivalent",
                        .text = "+0.1%",
                        .labels = {{"transport", "shm"}},
                        .measures = {{"effect_ratio", 1.001}}},
                       {.name = "pingpong/\"tcp\"\x01<&",
                        .group = "pingpong",
                        .outcome = Outcome::fail,
                        .verdict = "slower",
                        .text = "+5%",
                        .measures = {{"effect_ratio", 1.05}, {"median_seconds", 2e-6}}},
                       {.name = "ring/tcp",
                        .group = "allreduce",
                        .outcome = Outcome::inconclusive,
                        .verdict = "undecided",
                        .measures = {{"effect_ratio", std::numeric_limits<double>::quiet_NaN()}}}};
  return findings;
}

TEST(Findings, AFailureOutweighsWhatIsNotDecided) {
  Findings findings = sample();
  EXPECT_EQ(exit_code(findings), ExitCode::check_failed);
  findings.findings.erase(findings.findings.begin() + 1);
  EXPECT_EQ(exit_code(findings), ExitCode::inconclusive);
  findings.findings.pop_back();
  EXPECT_EQ(exit_code(findings), ExitCode::good);
}

TEST(Findings, JunitIsXmlAndCountsWhatIsNotDecidedAsSkipped) {
  tinyxml2::XMLDocument document;
  ASSERT_EQ(document.Parse(junit(sample()).c_str()), tinyxml2::XML_SUCCESS);
  const tinyxml2::XMLElement* suite = document.RootElement()->FirstChildElement("testsuite");
  EXPECT_EQ(suite->IntAttribute("tests"), 3);
  EXPECT_EQ(suite->IntAttribute("failures"), 1);
  EXPECT_EQ(suite->IntAttribute("skipped"), 1);
  const tinyxml2::XMLElement* second = suite->FirstChildElement("testcase")->NextSiblingElement("testcase");
  EXPECT_STREQ(second->Attribute("name"), "pingpong/\"tcp\"?<&");
  EXPECT_STREQ(second->FirstChildElement("failure")->Attribute("message"), "slower: +5%");
}

TEST(Findings, OpenMetricsHasUnitsEscapedLabelsAndNoHoles) {
  const std::string text = openmetrics(sample());
  EXPECT_NE(text.find("# UNIT podbench_compare_median_seconds seconds\n"), std::string::npos);
  EXPECT_NE(
      text.find(
          "podbench_compare_effect_ratio{case=\"pingpong/shm\",verdict=\"equivalent\",transport=\"shm\"} "
          "1.001\n"),
      std::string::npos);
  EXPECT_NE(text.find("case=\"pingpong/\\\"tcp\\\""), std::string::npos);
  EXPECT_EQ(text.find("nan"), std::string::npos);
  EXPECT_TRUE(text.ends_with("# EOF\n"));
}

TEST(Findings, JsonAndCsvHaveEveryMeasure) {
  const nlohmann::ordered_json object = findings_object(sample());
  EXPECT_EQ(object["findings"][1]["outcome"], "fail");
  EXPECT_EQ(object["findings"][1]["median_seconds"], 2e-6);
  EXPECT_TRUE(object["findings"][2]["effect_ratio"].is_null());
  const std::string csv = findings_csv(sample());
  EXPECT_TRUE(csv.starts_with("name,group,outcome,verdict,transport,effect_ratio,median_seconds,text\n"));
  EXPECT_NE(csv.find("pingpong/shm,pingpong,pass,equivalent,shm,1.001,,+0.1%\n"), std::string::npos);
}

}  // namespace
}  // namespace podbench
