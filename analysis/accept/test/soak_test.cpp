#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "analysis/accept/test/simulated_pods.hpp"
#include "analysis/accept/test/simulated_run.hpp"
#include "analysis/accept/words.hpp"
#include "analysis/telemetry/test/sample_telemetry.hpp"

namespace podbench::accept {
namespace {

using enum TelemetryKind;
using test::add_series;

constexpr int seconds = 60;

// A healthy pod that has been accepted, and whose collectives then went on.
class Soaked : public ::testing::Test {
 protected:
  Soaked() : pod_(podbench::sample::leaf_spine(8, 4, 2)) {
    pod_.limits.share_of_ceiling = 0.5;
    pod_.limits.impact_p99 = 4;
    pod_.limits.latency_s = 50e-6;
    run_ = sample::accept(pod_, sample::Scenario{{}, 0.005, 0.95, 5}).run;
    repeat(1);
  }

  // Repeats the whole pod's collectives once a launch of theirs, each slower than the one before by `growth`.
  void repeat(double growth) {
    std::erase_if(run_.cases, [](const CaseRecord& one) { return one.key.options.at("stage") == "soak"; });
    std::vector<CaseRecord> soak;
    std::map<std::string, int> repetitions;
    for (const CaseRecord& one : run_.cases)
      if (one.key.options.at("stage") == "scale" && one.key.options.at("part") == "pod") {
        soak.push_back(one);
        soak.back().key.options = {{"stage", "soak"}};
        const double factor = std::pow(growth, repetitions[soak.back().key.name()]++);
        for (std::uint64_t& sample : soak.back().samples_ns)
          sample = static_cast<std::uint64_t>(static_cast<double>(sample) * factor);
      }
    ASSERT_FALSE(soak.empty());
    run_.cases.insert(run_.cases.end(), soak.begin(), soak.end());
  }

  void without_soak() {
    std::erase_if(run_.cases, [](const CaseRecord& one) { return one.key.options.at("stage") == "soak"; });
  }

  [[nodiscard]] StageReport soak() const { return judge(run_, pod_).stages.back(); }

  [[nodiscard]] static std::string failures(const StageReport& report) {
    std::string text;
    for (const Check& check : report.checks)
      if (check.outcome == Outcome::fail)
        text += check.subject + ", " + check.what + ": " + check.evidence + "\n";
    return text;
  }

  Pod pod_;
  podbench::Run run_;
};

TEST_F(Soaked, APodThatStaysAsItIsPasses) {
  add_series(run_, "n1", "nic.eth0.carrier_changes", "1", errors, seconds, [](int) { return 2; });
  const StageReport report = soak();
  EXPECT_EQ(report.outcome, Outcome::pass) << failures(report);
  EXPECT_EQ(judge(run_, pod_).outcome, Outcome::pass);
}

TEST_F(Soaked, WhatBecomesSlowerFails) {
  repeat(1.03);
  const StageReport report = soak();
  EXPECT_EQ(report.outcome, Outcome::fail);
  EXPECT_NE(failures(report).find("allreduce"), std::string::npos) << failures(report);
}

TEST_F(Soaked, ALinkThatFlapsFailsAndNamesItsNode) {
  add_series(run_, "n1", "nic.eth0.carrier_changes", "1", errors, seconds,
             [](int i) { return i < 30 ? 2 : 6; });
  const StageReport report = soak();
  EXPECT_EQ(report.outcome, Outcome::fail);
  EXPECT_NE(failures(report).find("n1, flap: n1: nic.eth0.carrier_changes"), std::string::npos)
      << failures(report);
}

TEST_F(Soaked, ARackOverWhatItsCoolingTakesAwayFails) {
  pod_.racks = {{"rack0", 20'000.0, 10'000.0, {}}};
  for (PodNode& node : pod_.nodes) {
    node.rack = 0;
    add_series(run_, node.name, "energy.package0", "J", counter, seconds, [](int i) { return 1'500.0 * i; });
  }
  const StageReport report = soak();
  EXPECT_EQ(report.outcome, Outcome::fail);
  EXPECT_NE(failures(report).find("rack0, power"), std::string::npos) << failures(report);
}

TEST_F(Soaked, WithoutASoakErrorsAreANote) {
  add_series(run_, "n1", "nic.eth0.rx_errors", "1", errors, seconds, [](int i) { return i < 30 ? 2 : 6; });
  without_soak();
  const Acceptance acceptance = judge(run_, pod_);
  EXPECT_EQ(acceptance.outcome, Outcome::pass);
  EXPECT_EQ(acceptance.stages.back().outcome, Outcome::skipped);
  EXPECT_NE(text_of(acceptance, false).find("n1: nic.eth0.rx_errors"), std::string::npos);
}

TEST_F(Soaked, WithoutASoakALinkThatFlapsFailsTheLastStage) {
  const std::string node = pod_.nodes[1].name;
  add_series(run_, node, "nic.eth0.carrier_changes", "1", errors, seconds,
             [](int i) { return i < 30 ? 2 : 6; });
  without_soak();
  const Acceptance acceptance = judge(run_, pod_);
  EXPECT_EQ(acceptance.outcome, Outcome::fail);
  EXPECT_EQ(acceptance.stages.back().outcome, Outcome::skipped);
  const std::vector<Culprit> culprits = culprits_of(acceptance);
  ASSERT_EQ(culprits.size(), 1U);
  EXPECT_TRUE(culprits[0].certain);
  EXPECT_NE(culprits[0].words.find(node + ": nic.eth0.carrier_changes"), std::string::npos)
      << culprits[0].words;
}

}  // namespace
}  // namespace podbench::accept
