#include "results/telemetry_merge.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "results/codec.hpp"
#include "results/spool.hpp"
#include "results/test/sample_run.hpp"

namespace podbench {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
using Points = std::vector<std::pair<std::int64_t, double>>;

TelemetryRecord record_of(std::vector<std::int64_t> times_ns, std::vector<TelemetryRecord::Change> changes,
                          std::vector<TelemetryRecord::Described> described = {}) {
  TelemetryRecord record;
  record.node = "n1";
  record.times_ns = std::move(times_ns);
  record.changes = std::move(changes);
  record.described = std::move(described);
  return record;
}

const std::vector<TelemetryRecord::Described> two = {{"a", "1", TelemetryKind::counter, nothing},
                                                     {"b", "C", TelemetryKind::gauge, 90}};

Points points_of(const std::vector<TelemetrySeries>& telemetry, const std::string& name) {
  Points points;
  for (const TelemetrySeries& series : telemetry)
    if (series.name == name)
      for (std::size_t i = 0; i < series.times_ns.size(); ++i)
        points.emplace_back(series.times_ns[i], series.values[i]);
  return points;
}

TEST(TelemetryMerger, KeepsWhereAValueBeginsAndEnds) {
  TelemetryMerger merger;
  merger.add(record_of({10, 20, 30, 40}, {{0, 0, 5}, {0, 1, 1}, {1, 1, 2}, {3, 0, 6}}, two));
  merger.add(record_of({50, 60}, {{1, 1, 3}}));
  const auto series = merger.finish();
  ASSERT_EQ(series.size(), 2U);
  EXPECT_EQ(points_of(series, "a"), (Points{{10, 5}, {30, 5}, {40, 6}, {60, 6}}));
  EXPECT_EQ(points_of(series, "b"), (Points{{10, 1}, {20, 2}, {50, 2}, {60, 3}}));
  EXPECT_EQ(series[1].limit, 90);
}

TEST(TelemetryMerger, AGapIsNoValue) {
  TelemetryMerger merger;
  merger.add(record_of({10, 20, 30, 40, 50}, {{0, 0, 5}, {2, 0, nothing}, {4, 0, 5}}, two));
  EXPECT_EQ(points_of(merger.finish(), "a"), (Points{{10, 5}, {20, 5}, {50, 5}}));
}

TEST(TelemetryMerger, LaunchesAndNodesStayApart) {
  TelemetryMerger merger;
  merger.add(record_of({10, 20}, {{0, 0, 5}}, two));
  TelemetryRecord other = record_of({15, 25}, {{0, 0, 7}}, {{"b", "C", TelemetryKind::gauge, nothing}});
  other.node = "n2";
  merger.add(other);
  // In another launch a node may number its series in another order.
  TelemetryRecord later = record_of({90, 95}, {{0, 1, 8}}, {two[1], two[0]});
  later.launch = 1;
  later.clock_error_ns = 40;
  merger.add(later);
  const auto series = merger.finish();
  ASSERT_EQ(series.size(), 2U);
  EXPECT_EQ(points_of({series[0]}, "a"), (Points{{10, 5}, {20, 5}, {90, 8}, {95, 8}}));
  EXPECT_EQ(series[0].clock_error_ns, 40);
  EXPECT_EQ(series[1].node, "n2");
  EXPECT_EQ(points_of({series[1]}, "b"), (Points{{15, 7}, {25, 7}}));
}

TEST(TelemetryMerger, RefusesWhatCannotBe) {
  TelemetryMerger merger;
  EXPECT_THROW(merger.add(record_of({10}, {{0, 0, 5}})), std::runtime_error);
  EXPECT_THROW(merger.add(record_of({10}, {{1, 0, 5}}, two)), std::runtime_error);
  EXPECT_THROW(merger.add(record_of({10, 5}, {})), std::runtime_error);
  EXPECT_THROW(merger.add(record_of({10, 20}, {{1, 0, 5}, {0, 0, 4}})), std::runtime_error);
  TelemetryRecord skipping = record_of({10}, {}, two);
  skipping.first_described = 7;
  EXPECT_THROW(merger.add(skipping), std::runtime_error);
  EXPECT_TRUE(merger.finish().empty());
}

TEST(TelemetryRecord, ComesBackFromItsBytes) {
  TelemetryRecord record = record_of({10, 20}, {{0, 0, 5}, {1, 1, nothing}}, two);
  record.launch = 3;
  record.clock_error_ns = 12.5;
  record.notes = {{1, "gone"}};
  const auto back = std::get<TelemetryRecord>(decode(encode(record)));
  EXPECT_EQ(encode(back), encode(record));
  EXPECT_EQ(back.changes[1].series, 1U);
  EXPECT_TRUE(std::isnan(back.changes[1].value));
  EXPECT_EQ(back.notes[0].text, "gone");
}

// As after kill -9: what was journaled with the finished cases is there.
TEST(TelemetryRecord, IsJournaled) {
  const test::TemporaryFolder folder;
  create_spool(folder / "a.spool", {});
  {
    SpoolWriter writer(folder / "a.spool", 0);
    writer.append(record_of({10, 20}, {{0, 0, 5}, {1, 1, 2}}, two));
    writer.append(test::sample_run().cases.front());
    writer.append(record_of({30}, {{0, 0, 9}}));
    writer.append(record_of({40}, {{0, 5, 9}}));
  }
  const SpoolContents contents = read_spool(folder / "a.spool");
  ASSERT_EQ(contents.problems.size(), 1U);
  EXPECT_NE(contents.problems[0].find("not described"), std::string::npos);
  EXPECT_EQ(points_of(contents.run.telemetry, "a"), (Points{{10, 5}, {20, 5}, {30, 9}}));
}

}  // namespace
}  // namespace podbench
