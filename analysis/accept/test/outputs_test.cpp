#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "analysis/accept/test/simulated_pods.hpp"
#include "analysis/accept/test/simulated_run.hpp"

namespace podbench::accept {
namespace {

using sample::FaultKind;

const Pod& pod_here() {
  static const Pod pod = [] {
    Pod made = podbench::sample::leaf_spine(6, 3, 2);
    made.limits.share_of_ceiling = 0.5;
    made.limits.impact_p99 = 4;
    made.limits.latency_s = 50e-6;
    return made;
  }();
  return pod;
}

const sample::Accepted& with_a_slow_nic() {
  static const sample::Accepted accepted =
      sample::accept(pod_here(), {{{FaultKind::link,
                                    {{SuspectKind::port, Way::in, pod_here().nodes[2].ports[0]}, 0.5},
                                    0,
                                    0,
                                    Stage::pairs}},
                                  0.01,
                                  0.95,
                                  11});
  return accepted;
}

const sample::Accepted& healthy() {
  static const sample::Accepted accepted = sample::accept(pod_here(), {{}, 0.01, 0.95, 11});
  return accepted;
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Text, SaysVerdictPartConfidenceAndWhatToDo) {
  const std::string text = text_of(with_a_slow_nic().acceptance, false);
  EXPECT_TRUE(text.starts_with("pod leaf_spine.toml: FAIL in ")) << text;
  EXPECT_TRUE(holds(text, "NIC n002, receiving")) << text;
  EXPECT_TRUE(holds(text, "times slower")) << text;
  EXPECT_TRUE(holds(text, "% sure")) << text;
  EXPECT_TRUE(holds(text, "what to do:")) << text;
  EXPECT_TRUE(holds(text, "this run would have caught")) << text;
  EXPECT_FALSE(holds(text, "\x1b")) << text;
  EXPECT_TRUE(holds(text_of(with_a_slow_nic().acceptance, true), "\x1b"));
  EXPECT_TRUE(holds(text_of(healthy().acceptance, false), "PASS, all "));
}

TEST(Findings, HaveEveryCheckAndTheExitCode) {
  const Findings findings = findings_of(with_a_slow_nic().acceptance);
  EXPECT_EQ(findings.command, "accept");
  EXPECT_EQ(exit_code(findings), ExitCode::check_failed);
  EXPECT_EQ(exit_code(findings_of(healthy().acceptance)), ExitCode::good);
  std::size_t checks = 0;
  for (const StageReport& report : with_a_slow_nic().acceptance.stages) checks += report.checks.size();
  EXPECT_EQ(findings.findings.size(), checks + 1 + all_stages.size());
  const std::string document = junit(findings);
  EXPECT_TRUE(holds(document, "accept.pairs"));
  EXPECT_TRUE(holds(document, "n001 &gt; n002: bandwidth"));
  EXPECT_TRUE(holds(document, "NIC n002, receiving"));
  const std::string metrics = openmetrics(findings);
  EXPECT_TRUE(holds(metrics, "podbench_accept_measured_bytes_per_second{"));
  EXPECT_TRUE(metrics.ends_with("# EOF\n"));
}

TEST(Findings, AStageThatWasNotRunIsNotPassed) {
  podbench::Run run = healthy().run;
  std::erase_if(run.cases,
                [](const CaseRecord& record) { return record.key.options.at("stage") == "scale"; });
  const Acceptance acceptance = judge(run, pod_here());
  EXPECT_EQ(acceptance.outcome, Outcome::inconclusive);
  EXPECT_EQ(exit_code(findings_of(acceptance)), ExitCode::inconclusive);
  EXPECT_TRUE(holds(text_of(acceptance, false), "not run, so not passed: scale"));
}

TEST(Json, HasStagesChecksAndCulprits) {
  const nlohmann::ordered_json document = json_of(with_a_slow_nic().acceptance);
  EXPECT_EQ(document.at("command"), "accept");
  EXPECT_EQ(document.at("outcome"), "fail");
  EXPECT_EQ(document.at("stages").size(), all_stages.size());
  const auto& links = document.at("stages").at(3);
  EXPECT_EQ(links.at("stage"), "links");
  ASSERT_EQ(links.at("culprits").size(), 1U);
  EXPECT_TRUE(links.at("culprits").at(0).at("certain"));
  // Half of its rate, of which a healthy link gives 95%: what is told is against the declared rate.
  EXPECT_NEAR(links.at("culprits").at(0).at("effect").get<double>(), 2 / 0.95, 0.05);
  const auto& check = links.at("checks").at(0);
  for (const char* key : {"subject", "what", "outcome", "limit", "measured", "bound", "launches", "evidence"})
    EXPECT_TRUE(check.contains(key)) << key;
}

TEST(Page, IsWholeAndLoadsNothing) {
  const sample::Accepted& accepted = with_a_slow_nic();
  const std::string page = html_of(accepted.acceptance, accepted.run, pod_here());
  EXPECT_TRUE(holds(page, "<html"));
  EXPECT_TRUE(holds(page, "NIC n002, receiving"));
  EXPECT_TRUE(holds(page, accepted.acceptance.fingerprint));
  for (const char* outside : {"src=\"http", "href=\"http", "@import", "url(http"})
    EXPECT_FALSE(holds(page, outside));
  for (const char* section :
       {"What is to blame", "Coverage", "Bandwidth of each pair", "Every check", "Inventory"})
    EXPECT_TRUE(holds(page, section)) << section;
}

TEST(Outputs, WhatComesOutOfTheFileCommandsNoTerminalAndNoPage) {
  sample::Accepted accepted = healthy();
  accepted.run.nodes[1].attributes["cpu.model"] = "\x1b[31m<script>alert(1)</script>";
  const Acceptance acceptance = judge(accepted.run, pod_here());
  EXPECT_FALSE(holds(text_of(acceptance, false), "\x1b"));
  EXPECT_FALSE(holds(html_of(acceptance, accepted.run, pod_here()), "<script>alert"));
}

}  // namespace
}  // namespace podbench::accept
