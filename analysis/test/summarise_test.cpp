#include <gtest/gtest.h>

#include <cmath>

#include "analysis/statistics.hpp"

namespace podbench {
namespace {

CaseRecord record_of(int launch, std::vector<std::uint64_t> samples) {
  CaseRecord record;
  record.key.pattern = "allreduce";
  record.key.bytes = 4'000;
  record.launch = launch;
  record.samples_ns = std::move(samples);
  record.moved_bytes = 4'000;
  record.bus_factor = 1.5;
  return record;
}

CaseSummary summary_of(const std::vector<CaseRecord>& records) {
  std::vector<const CaseRecord*> pointers;
  for (const CaseRecord& record : records) pointers.push_back(&record);
  return summarise(pointers);
}

TEST(Summarise, OneLaunch) {
  const CaseSummary summary = summary_of({record_of(0, {500, 100, 200, 300, 400, 600, 700})});
  EXPECT_EQ(summary.launches, 1U);
  EXPECT_EQ(summary.n, 7U);
  EXPECT_EQ(summary.p50_ns, 400);
  EXPECT_EQ(summary.ci_lo_ns, 100);  // n = 7: the smallest and the largest
  EXPECT_EQ(summary.ci_hi_ns, 700);
  EXPECT_EQ(summary.min_ns, 100);
  EXPECT_EQ(summary.max_ns, 700);
  EXPECT_EQ(summary.mean_ns, 400);
  EXPECT_NEAR(summary.sd_ns, 216.025, 0.001);
  EXPECT_DOUBLE_EQ(summary.algbw_gbps, 10);  // 4000 B in 400 ns
  EXPECT_DOUBLE_EQ(summary.busbw_gbps, 15);
}

TEST(Summarise, TimesAreOfOneOperation) {
  CaseRecord record = record_of(0, {4'000, 8'000, 6'000});
  record.operations_per_sample = 10;
  record.time_divisor = 2;  // half the round trip
  EXPECT_EQ(summary_of({record}).p50_ns, 300);
}

TEST(Summarise, LaunchesAreTheReplicates) {
  // One long launch does not outvote five short ones.
  std::vector<CaseRecord> records = {record_of(5, std::vector<std::uint64_t>(1'000, 900))};
  for (int launch = 0; launch < 5; ++launch) {
    records.push_back(record_of(launch, std::vector<std::uint64_t>(10, 100 + static_cast<unsigned>(launch))));
  }
  const CaseSummary summary = summary_of(records);
  EXPECT_EQ(summary.p50_ns, 102.5);
  EXPECT_EQ(summary.ci_lo_ns, 100);
  EXPECT_EQ(summary.ci_hi_ns, 900);
  ASSERT_EQ(summary.points.size(), 6U);
  EXPECT_EQ(summary.points[5], (LaunchPoint{5, 1'000, 900, 900}));
}

TEST(Summarise, FewLaunchesHaveTheHullOfTheirIntervals) {
  const CaseSummary summary = summary_of(
      {record_of(0, std::vector<std::uint64_t>(10, 100)), record_of(1, std::vector<std::uint64_t>(10, 200))});
  EXPECT_EQ(summary.p50_ns, 150);
  EXPECT_EQ(summary.ci_lo_ns, 100);
  EXPECT_EQ(summary.ci_hi_ns, 200);
  const CaseSummary too_few =
      summary_of({record_of(0, std::vector<std::uint64_t>(10, 100)), record_of(1, {1, 2})});
  EXPECT_TRUE(std::isnan(too_few.ci_lo_ns) && std::isnan(too_few.ci_hi_ns));
}

TEST(Summarise, WithoutSamplesThereAreNoFigures) {
  CaseRecord record = record_of(0, {});
  record.status = CaseStatus::skipped;
  record.note = "needs two nodes";
  const CaseSummary summary = summary_of({record});
  EXPECT_EQ(summary.launches, 0U);
  EXPECT_TRUE(std::isnan(summary.p50_ns) && std::isnan(summary.algbw_gbps));
  EXPECT_EQ(summary.note, "needs two nodes");
}

TEST(Summarise, TheWorstStatusShows) {
  CaseRecord wrong = record_of(1, {1});
  wrong.status = CaseStatus::wrong_data;
  CaseRecord contended = record_of(2, {1});
  contended.status = CaseStatus::contended;
  EXPECT_EQ(summary_of({record_of(0, {1}), wrong, contended}).status, CaseStatus::wrong_data);
}

TEST(Summarise, RunsKeepTheOrderOfTheirCases) {
  podbench::Run run;
  run.cases = {record_of(0, {1}), record_of(0, {2}), record_of(1, {3})};
  run.cases[1].key.bytes = 8;
  const auto summaries = summarise(run);
  ASSERT_EQ(summaries.size(), 2U);
  EXPECT_EQ(summaries[0].launches, 2U);
  EXPECT_EQ(summaries[1].key.bytes, 8U);
}

}  // namespace
}  // namespace podbench
