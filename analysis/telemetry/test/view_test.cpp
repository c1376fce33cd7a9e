#include "analysis/telemetry/view.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "analysis/telemetry/test/sample_telemetry.hpp"

namespace podbench {
namespace {

using test::began_ns;
using test::second_ns;

TelemetrySeries counter(std::vector<std::int64_t> times_ns, std::vector<double> values) {
  TelemetrySeries series;
  series.times_ns = std::move(times_ns);
  series.values = std::move(values);
  return series;
}

TEST(TelemetryView, AValueHoldsUntilTheNext) {
  const TelemetrySeries series = counter({10, 20, 30}, {1, 2, 3});
  EXPECT_TRUE(std::isnan(value_at(series, 9)));
  EXPECT_EQ(value_at(series, 10), 1);
  EXPECT_EQ(value_at(series, 29), 2);
  EXPECT_EQ(value_at(series, 1'000), 3);
}

TEST(TelemetryView, GrowthSurvivesAReset) {
  const TelemetrySeries series = counter({10, 20, 30, 40}, {100, 150, 5, 8});
  EXPECT_EQ(growth(series, 0, 100), 58);
  EXPECT_EQ(growth(series, 10, 20), 50);
  EXPECT_EQ(growth(series, 20, 30), 5);
  EXPECT_EQ(growth(series, 40, 100), 0);
  EXPECT_EQ(growth(counter({}, {}), 0, 100), 0);
}

TEST(TelemetryView, FindsTheCasesOfASpan) {
  const podbench::Run run = test::run_of(3);
  const CaseSpans spans(run);
  const auto names = [&](int from, int to) {
    std::string text;
    for (const CaseRecord* one : spans.within(began_ns + from * second_ns, began_ns + to * second_ns))
      text += one->key.algorithm;
    return text;
  };
  EXPECT_EQ(names(2, 3), "a0");
  EXPECT_EQ(names(2, 12), "a0a1");
  EXPECT_EQ(names(9, 10), "a1") << "between two cases counts to the one that follows";
  EXPECT_EQ(names(30, 40), "");
  EXPECT_TRUE(spans.covers(began_ns + 5 * second_ns));
  EXPECT_FALSE(spans.covers(began_ns + 10 * second_ns));
  EXPECT_FALSE(spans.covers(began_ns));
}

TEST(TelemetryView, CasesOfAnOlderFileHaveNoPlace) {
  podbench::Run run = test::run_of(1);
  run.cases[0].started_ns = run.cases[0].ended_ns = 0;
  EXPECT_TRUE(CaseSpans(run).all().empty());
  EXPECT_EQ(telemetry_origin_ns(run), 0);
}

}  // namespace
}  // namespace podbench
