#include "analysis/fit/model.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <nlohmann/json.hpp>

#include "analysis/fit/loggp.hpp"
#include "analysis/fit/present.hpp"
#include "analysis/fit/test/planted.hpp"
#include "base/error.hpp"

namespace podbench::fit {
namespace {

using test::Measurement;
using test::Network;
using test::Noise;
using test::planted_run;

const Measurement usual{test::sizes(8, 4U << 20, 2), 8, 64};

FittedCurve curve_of(const FittedRun& fitted, const std::string& pattern) {
  for (const FittedCurve& curve : fitted.transports.at(0).curves)
    if (curve.curve.key.pattern == pattern) return curve;
  throw std::logic_error("no curve of " + pattern);
}

void expect_near(const Estimate& estimate, double truth, double relative) {
  EXPECT_NEAR(estimate.value / truth, 1, relative);
  EXPECT_LE(estimate.lo, estimate.value);
  EXPECT_GE(estimate.hi, estimate.value);
}

TEST(Fit, PlantedLogGpIsRecovered) {
  const Network network{};
  const FittedRun fitted = fit_run(planted_run(network, {}, usual, 1), "run.h5", {});
  ASSERT_EQ(fitted.transports.size(), 1U);
  ASSERT_TRUE(fitted.transports[0].loggp);
  const LogGp& loggp = *fitted.transports[0].loggp;
  expect_near(loggp.small_message_ns, network.message_ns(1), 0.03);
  expect_near(loggp.overhead_ns, network.overhead_ns, 0.03);
  expect_near(loggp.latency_ns, network.latency_ns, 0.03);
  expect_near(loggp.gap_ns, network.gap_ns, 0.03);
  expect_near(loggp.gap_per_byte_ns, network.gap_per_byte_ns, 0.03);
}

TEST(Fit, PlantedSwitchIsFoundWhereItIs) {
  Network network{};
  network.eager_bytes = 16U << 10;
  const FittedRun fitted = fit_run(planted_run(network, {}, usual, 2), "run.h5", {});
  const FittedCurve curve = curve_of(fitted, "pingpong");
  ASSERT_EQ(curve.switches.size(), 1U);
  EXPECT_EQ(curve.switches[0].after_bytes, 16U << 10);
  EXPECT_EQ(curve.switches[0].before_bytes, 32U << 10);
  EXPECT_GT(curve.switches[0].step_ratio, 0.3);
  expect_near(curve.start_ns(), network.message_ns(1), 0.03);
  expect_near(curve.per_byte_ns(), network.long_gap_per_byte_ns, 0.03);
}

TEST(Fit, OutliersDoNotSpoilIt) {
  Network network{};
  network.eager_bytes = 16U << 10;
  Noise noise{};
  noise.outliers = 0.1;
  const FittedCurve curve =
      curve_of(fit_run(planted_run(network, noise, usual, 3), "run.h5", {}), "pingpong");
  EXPECT_EQ(curve.switches.size(), 1U);
  expect_near(curve.start_ns(), network.message_ns(1), 0.03);
  expect_near(curve.per_byte_ns(), network.long_gap_per_byte_ns, 0.03);
}

TEST(Fit, IntervalsHoldTheTruthAboutAsOftenAsTheySay) {
  const Network network{};
  const Measurement measurement{test::sizes(8, 1U << 20, 4), 6, 64};
  int held = 0;
  constexpr int tries = 100;
  for (int seed = 0; seed < tries; ++seed) {
    const FittedRun fitted =
        fit_run(planted_run(network, {}, measurement, 100 + static_cast<unsigned>(seed)), "run.h5", {});
    const Estimate start = curve_of(fitted, "pingpong").start_ns();
    held += start.lo <= network.message_ns(0) && network.message_ns(0) <= start.hi ? 1 : 0;
  }
  EXPECT_GE(held, 90);
}

TEST(Fit, OneLaunchHasWiderIntervalsFromItsResiduals) {
  const Measurement measurement{test::sizes(8, 4U << 20, 2), 1, 64};
  const FittedCurve curve = curve_of(fit_run(planted_run({}, {}, measurement, 4), "run.h5", {}), "pingpong");
  EXPECT_TRUE(curve.start_ns().has_interval());
  EXPECT_LT(curve.start_ns().lo, curve.start_ns().hi);
  EXPECT_EQ(curve.launches, 1U);
}

TEST(Fit, SizesHeldOutArePredicted) {
  Network network{};
  network.eager_bytes = 16U << 10;
  const FittedRun fitted = fit_run(planted_run(network, {}, usual, 5), "run.h5", {8, 3});
  const FittedCurve curve = curve_of(fitted, "pingpong");
  const auto out =
      std::count_if(curve.points.begin(), curve.points.end(), [](const auto& p) { return p.held_out; });
  EXPECT_EQ(out, 6);
  EXPECT_FALSE(curve.points.front().held_out);
  EXPECT_FALSE(curve.points.back().held_out);
  EXPECT_GT(curve.held_out_error, 0);
  EXPECT_LT(fitted.held_out_error(), 0.03);
  EXPECT_TRUE(std::isnan(fit_run(planted_run(network, {}, usual, 5), "run.h5", {}).held_out_error()));
}

TEST(Fit, WhatIsNotMeasuredIsNotInvented) {
  podbench::Run run = planted_run({}, {}, usual, 6);
  std::erase_if(run.cases, [](const CaseRecord& record) { return record.key.pattern != "pingpong"; });
  const FittedRun alone = fit_run(run, "run.h5", {});
  const LogGp& loggp = *alone.transports[0].loggp;
  EXPECT_TRUE(loggp.small_message_ns.known());
  EXPECT_FALSE(loggp.latency_ns.known());
  EXPECT_FALSE(loggp.overhead_ns.known());
  EXPECT_FALSE(loggp.gap_ns.known());
  EXPECT_TRUE(loggp.gap_per_byte_ns.known());
  EXPECT_EQ(loggp.remarks.size(), 3U);
}

TEST(Fit, ASenderThatWaitsForItsReceiverTellsNoOverhead) {
  Network network{};
  network.overhead_ns = 900;
  network.latency_ns = -100;  // as a rendezvous looks: the sender is kept for most of the message's time
  const FittedRun fitted = fit_run(planted_run(network, {}, usual, 7), "run.h5", {});
  EXPECT_FALSE(fitted.transports[0].loggp->overhead_ns.known());
  EXPECT_FALSE(fitted.transports[0].loggp->latency_ns.known());
}

TEST(Fit, WindowsOfAnotherLengthGiveTheSameGap) {
  const Network network{};
  const Measurement measurement{test::sizes(8, 1U << 20, 4), 6, 4};
  const FittedRun fitted =
      fit_run(planted_run(network, {.launch = 0.01, .size = 0.001}, measurement, 8), "run.h5", {});
  expect_near(fitted.transports[0].loggp->gap_ns, network.gap_ns, 0.03);
}

TEST(Fit, OnewayWithoutClocksIsLeftOut) {
  podbench::Run run = planted_run({}, {}, usual, 9);
  for (CaseRecord& record : run.cases) record.key.sync = "barrier";
  const FittedRun fitted = fit_run(run, "run.h5", {});
  EXPECT_EQ(fitted.transports[0].curves.size(), 3U);
  ASSERT_EQ(fitted.notes.size(), 1U);
  EXPECT_NE(fitted.notes[0].find("synchronised clocks"), std::string::npos);
}

TEST(Fit, ContendedMeasurementsCountWhereThereIsNoOther) {
  podbench::Run run = planted_run({}, {}, usual, 10);
  for (CaseRecord& record : run.cases)
    if (record.launch == 0 || record.key.bytes == 8) {
      record.status = CaseStatus::contended;
      if (record.key.bytes != 8)
        for (std::uint64_t& sample : record.samples_ns) sample *= 10;
    }
  const FittedCurve curve = curve_of(fit_run(run, "run.h5", {}), "pingpong");
  EXPECT_EQ(curve.curve.points.at(0).launches_ns.size(), 8U);
  EXPECT_EQ(curve.curve.points.at(1).launches_ns.size(), 7U);
}

TEST(Fit, PairsAreFittedEach) {
  podbench::Run run;
  for (int launch = 0; launch < 6; ++launch)
    for (const std::uint64_t bytes : test::sizes(8, 1U << 20, 8)) {
      CaseRecord record;
      record.key.transport = "planted";
      record.key.pattern = "pairs";
      record.key.algorithm = "direct";
      record.key.bytes = bytes;
      record.key.ranks = 3;
      record.launch = launch;
      const double size = static_cast<double>(bytes), nothing = std::nan("");
      const double near = 500 + 0.1 * size, far = 1'500 + 0.4 * size;
      record.samples_ns.assign(9, static_cast<std::uint64_t>(near));
      // The later of the two who answered each other saw all of it.
      record.matrix = {nothing, near, far, near * 0.7, nothing, near, far * 0.8, near * 0.9, nothing};
      run.cases.push_back(record);
    }
  const FittedCurve curve = curve_of(fit_run(run, "run.h5", {}), "pairs");
  ASSERT_EQ(curve.pairs.size(), 3U);
  EXPECT_EQ(pair_name(curve.curve, curve.pairs[1]), "0-2");
  expect_near(curve.pairs[0].start_ns, 500, 0.01);
  expect_near(curve.pairs[1].start_ns, 1'500, 0.01);
  expect_near(curve.pairs[1].per_byte_ns, 0.4, 0.01);
}

TEST(Fit, DirectionsOfOnewayAreToldApart) {
  podbench::Run run = planted_run({}, {.launch = 0, .size = 0, .sample = 0}, usual, 11);
  for (CaseRecord& record : run.cases)
    if (!record.matrix.empty()) record.matrix[1] *= 2;  // row 0: what rank 0 received
  const FittedCurve curve = curve_of(fit_run(run, "run.h5", {}), "oneway");
  ASSERT_EQ(curve.pairs.size(), 2U);
  EXPECT_EQ(pair_name(curve.curve, curve.pairs[0]), "0>1");
  EXPECT_NEAR(curve.pairs[1].start_ns.value / curve.pairs[0].start_ns.value, 2, 0.02);
}

TEST(Fit, NodesAreNamed) {
  EXPECT_EQ(curve_of(fit_run(planted_run({}, {}, usual, 12), "run.h5", {}), "pingpong").curve.between,
            "a and b");
  podbench::Run run = planted_run({}, {}, usual, 12);
  for (LaunchRecord& launch : run.launches) launch.nodes = {0, 0};
  EXPECT_EQ(curve_of(fit_run(run, "run.h5", {}), "pingpong").curve.between, "ranks 0 and 1");
}

TEST(Fit, ARunWithNothingToFitIsRefused) {
  podbench::Run run = planted_run({}, {}, {{8}, 2, 64}, 13);
  EXPECT_THROW(static_cast<void>(fit_run(run, "run.h5", {})), RequestError);
  EXPECT_THROW(static_cast<void>(fit_run(podbench::Run{}, "run.h5", {})), RequestError);
}

TEST(FitShown, TwoSizesAreInconclusive) {
  const std::vector<FittedRun> runs = {fit_run(planted_run({}, {}, {{8, 1'024}, 6, 64}, 14), "run.h5", {})};
  const Findings findings = fit_findings(runs);
  EXPECT_EQ(exit_code(findings), ExitCode::inconclusive);
  EXPECT_EQ(findings.findings.front().verdict, "too few sizes");
}

TEST(FitShown, ACurveThatNoLineExplainsIsInconclusive) {
  podbench::Run run = planted_run({}, {}, usual, 15);
  for (CaseRecord& record : run.cases)
    for (std::uint64_t& sample : record.samples_ns)
      sample = static_cast<std::uint64_t>(static_cast<double>(sample) *
                                          (std::bit_width(record.key.bytes) % 2 == 0 ? 1.3 : 0.7));
  const std::vector<FittedRun> runs = {fit_run(run, "run.h5", {1, 0})};
  EXPECT_EQ(exit_code(fit_findings(runs)), ExitCode::inconclusive);
}

TEST(FitShown, EveryFormHoldsTheFigures) {
  Network network{};
  network.eager_bytes = 16U << 10;
  const std::vector<FittedRun> runs = {fit_run(planted_run(network, {}, usual, 16), "runs/a.h5", {8, 4})};
  const Findings findings = fit_findings(runs);
  EXPECT_EQ(exit_code(findings), ExitCode::good);
  const auto document = nlohmann::json::parse(fit_object(runs, findings).dump());
  EXPECT_EQ(document["fits"].size(), 4U);
  EXPECT_EQ(document["fits"][0]["pieces"].size(), 2U);
  EXPECT_EQ(document["fits"][0]["points"].size(), usual.sizes.size());
  EXPECT_NE(openmetrics(findings).find("podbench_fit_startup_seconds{"), std::string::npos);
  EXPECT_NE(openmetrics(findings).find("podbench_fit_latency_seconds{case=\"loggp/planted"),
            std::string::npos);
  const std::string text = fit_text(runs, {});
  for (const char* words : {"switch between 16KiB and 32KiB", "LogGP of planted/uint8/ranks:2/nodes:2",
                            "residuals: 8B", "(held out)", "median error of", "a and b", "window of 64"})
    EXPECT_NE(text.find(words), std::string::npos) << words << "\n" << text;
  EXPECT_NE(fit_html(runs, findings).find("Residuals of"), std::string::npos);
}

TEST(FitShown, AFilesTextCannotCommandTheTerminal) {
  podbench::Run run = planted_run({}, {}, usual, 17);
  for (CaseRecord& record : run.cases) record.key.transport = "\033[2Jevil";
  for (LaunchRecord& launch : run.launches) launch.hosts = {"\033[1m", "b"};
  const std::vector<FittedRun> runs = {fit_run(run, "run.h5", {})};
  EXPECT_EQ(fit_text(runs, {}).find('\033'), std::string::npos);
}

}  // namespace
}  // namespace podbench::fit
