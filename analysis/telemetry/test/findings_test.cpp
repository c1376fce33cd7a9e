#include "analysis/telemetry/findings.hpp"

#include <gtest/gtest.h>

#include "analysis/telemetry/test/sample_telemetry.hpp"

namespace podbench {
namespace {

using enum TelemetryKind;
using test::add_series;
using test::began_ns;
using test::run_of;
using test::second_ns;

TEST(Findings, AHealthyRunHasNone) {
  podbench::Run run = run_of(6);
  add_series(run, "n1", "nic.eth0.rx_bytes", "B", counter, 60, [](int i) { return 1e9 * i; });
  add_series(run, "n1", "nic.eth0.rx_errors", "1", errors, 60, [](int) { return 7; });
  add_series(run, "n1", "cpu.clock_median", "Hz", gauge, 60, [](int i) { return 3e9 + 4e7 * (i % 3); });
  add_series(run, "n1", "thermal.pkg", "C", gauge, 60, [](int i) { return 60 + i % 4; }).limit = 100;
  add_series(run, "n1", "gpu0.throttle_reasons", "bits", gauge, 60, [](int) { return 1; });
  EXPECT_TRUE(judge_telemetry(run).empty());
  EXPECT_EQ(judged_nodes(run), std::set<std::string>{"n1"});
}

TEST(Findings, ALinkThatFlapsIsNamedWithItsCase) {
  podbench::Run run = run_of(3);
  add_series(run, "n1", "nic.eth0.carrier_changes", "1", errors, 30, [](int) { return 2; });
  add_series(run, "n3", "nic.eth0.carrier_changes", "1", errors, 30, [](int i) {
    return i < 13 ? 2 : i < 15 ? 4 : 6;
  });
  const auto findings = judge_telemetry(run);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].concern, TelemetryConcern::flap);
  EXPECT_EQ(findings[0].node, "n3");
  EXPECT_EQ(findings[0].amount, 4);
  EXPECT_TRUE(findings[0].serious);
  EXPECT_EQ(findings[0].from_ns, began_ns + 12 * second_ns);
  EXPECT_EQ(findings[0].to_ns, began_ns + 15 * second_ns);
  EXPECT_EQ(findings[0].words,
            "n3: nic.eth0.carrier_changes: the link changed 4 times between up and down, from 12.0 s to "
            "15.0 s, during " +
                run.cases[1].key.name());
}

TEST(Findings, ALinkThatCarriesNothingMayComeAndGo) {
  podbench::Run run = run_of(1);
  for (const auto& [port, packets_a_second] : {std::pair("eth0", 1e6), std::pair("veth7", 1e3)}) {
    const std::string series = std::string("nic.") + port;
    const double rate = packets_a_second;
    add_series(run, "n1", series + ".rx_packets", "1", counter, 10, [=](int i) { return rate * i; });
    add_series(run, "n1", series + ".carrier_changes", "1", errors, 10, [](int i) { return i; });
  }
  const auto findings = judge_telemetry(run);
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].series, "nic.eth0.carrier_changes");
  EXPECT_TRUE(findings[0].serious);
  EXPECT_FALSE(findings[1].serious);
}

TEST(Findings, DropsCountByTheirShareOfThePackets) {
  podbench::Run run = run_of(1);
  for (const double packets_a_second : {1e3, 1e9}) {
    const std::string node = packets_a_second < 1e6 ? "slow" : "fast";
    add_series(run, node, "nic.e.rx_packets", "1", counter, 10, [&](int i) { return packets_a_second * i; });
    add_series(run, node, "nic.e.rx_dropped", "1", errors, 10, [](int i) { return i; });
    add_series(run, node, "nic.e.rx_crc_errors", "1", errors, 10, [](int i) { return 1000 * i; });
  }
  const auto findings = grown_errors(run, {});
  ASSERT_EQ(findings.size(), 4U);
  for (const TelemetryFinding& finding : findings) {
    const bool few = finding.node == "fast" && finding.series == "nic.e.rx_dropped";
    EXPECT_EQ(finding.serious, !few) << finding.words;
  }
  EXPECT_NE(findings[2].words.find("% of 10000 packets"), std::string::npos) << findings[2].words;
}

TEST(Findings, CorrectedMemoryErrorsAreWorthKnowingOnly) {
  podbench::Run run = run_of(1);
  add_series(run, "n1", "gpu0.ecc_corrected", "1", errors, 10, [](int i) { return i; });
  add_series(run, "n1", "gpu0.ecc_uncorrected", "1", errors, 10, [](int i) { return i / 10; });
  const auto findings = judge_telemetry(run);
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].series, "gpu0.ecc_uncorrected") << "serious ones come first";
  EXPECT_FALSE(findings[1].serious);
}

TEST(Findings, AClockThatFallsIsThrottled) {
  podbench::Run run = run_of(6);
  add_series(run, "n1", "cpu.clock_median", "Hz", gauge, 60, [](int i) { return i < 30 ? 3e9 : 2.4e9; });
  add_series(run, "n2", "cpu.clock_median", "Hz", gauge, 60, [](int i) { return i < 30 ? 3e9 : 2.95e9; });
  add_series(run, "n3", "cpu.clock_min", "Hz", gauge, 60, [](int i) { return i < 30 ? 3e9 : 1e9; });
  const auto findings = judge_telemetry(run);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].node, "n1");
  EXPECT_EQ(findings[0].concern, TelemetryConcern::clock);
  EXPECT_NEAR(findings[0].amount, 0.2, 1e-12);
  EXPECT_NE(findings[0].words.find("from 3000 MHz to 2400 MHz"), std::string::npos) << findings[0].words;
}

TEST(Findings, AFallOutsideOfCasesIsNoFinding) {
  podbench::Run run = run_of(6);
  add_series(run, "n1", "cpu.clock_median", "Hz", gauge, 90, [](int i) { return i < 60 ? 3e9 : 1e9; });
  EXPECT_TRUE(judge_telemetry(run).empty());
}

TEST(Findings, ACourseNeedsEnoughMoments) {
  podbench::Run run = run_of(1);
  add_series(run, "n1", "cpu.clock_median", "Hz", gauge, 9, [](int i) { return i < 5 ? 3e9 : 2e9; });
  EXPECT_TRUE(judge_telemetry(run).empty());
}

TEST(Findings, ADeviceSaysWhyItIsSlow) {
  podbench::Run run = run_of(2);
  add_series(run, "n1", "gpu2.throttle_reasons", "bits", gauge, 20, [](int i) { return i == 5 ? 0x44 : 1; });
  const auto findings = judge_telemetry(run);
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_NE(findings[0].words.find("too hot (hardware), from 5.0 s to 5.0 s"), std::string::npos)
      << findings[0].words;
  EXPECT_TRUE(findings[0].serious);
  EXPECT_NE(findings[1].words.find("power cap"), std::string::npos);
  EXPECT_FALSE(findings[1].serious);
}

TEST(Findings, HeatIsJudgedByTheDevicesOwnLimit) {
  podbench::Run run = run_of(2);
  add_series(run, "n1", "thermal.a", "C", gauge, 20, [](int i) { return i == 7 ? 101 : 60; }).limit = 100;
  add_series(run, "n2", "thermal.a", "C", gauge, 20, [](int i) { return i == 7 ? 96 : 60; }).limit = 100;
  add_series(run, "n3", "thermal.a", "C", gauge, 20, [](int) { return 94; }).limit = 100;
  add_series(run, "n4", "thermal.a", "C", gauge, 20, [](int) { return 150; });
  const auto findings = judge_telemetry(run);
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].node, "n1");
  EXPECT_TRUE(findings[0].serious);
  EXPECT_EQ(findings[0].from_ns, began_ns + 7 * second_ns);
  EXPECT_EQ(findings[1].node, "n2");
  EXPECT_FALSE(findings[1].serious);
}

TEST(Findings, WarmingUpIsWorthKnowing) {
  podbench::Run run = run_of(6);
  add_series(run, "n1", "thermal.a", "C", gauge, 60, [](int i) { return 30 + 0.5 * i; });
  const auto findings = judge_telemetry(run);
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_FALSE(findings[0].serious);
  EXPECT_NE(findings[0].words.find("warmed up"), std::string::npos);
}

}  // namespace
}  // namespace podbench
