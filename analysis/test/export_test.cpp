#include "analysis/export.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "analysis/test/sample_summary.hpp"
#include "base/error.hpp"

namespace podbench {
namespace {

using nlohmann::json;
using test::sample_summary;

TEST(Export, JsonHasTheRunAndItsLaunches) {
  const json document = json::parse(export_run(sample_summary(), ExportFormat::json));
  EXPECT_EQ(document["run_id"], "id-1");
  ASSERT_EQ(document["cases"].size(), 4U);
  EXPECT_EQ(document["cases"][0]["name"], "allreduce/ring/shm/float32/64B/ranks:4");
  EXPECT_EQ(document["cases"][0]["launch_medians"][1]["p50_ns"], 501);
}

TEST(Export, GoogleBenchmarkSeesLaunchesAsRepetitions) {
  const json document = json::parse(export_run(sample_summary(), ExportFormat::gbench));
  ASSERT_EQ(document["benchmarks"].size(), 12U);  // two launches and their median, four cases
  const json& first = document["benchmarks"][0];
  EXPECT_EQ(first["run_type"], "iteration");
  EXPECT_EQ(first["repetitions"], 2);
  EXPECT_EQ(first["time_unit"], "ns");
  EXPECT_EQ(first["real_time"], 499);
  EXPECT_EQ(document["benchmarks"][2]["aggregate_name"], "median");
  EXPECT_EQ(document["benchmarks"][2]["real_time"], 500);
  EXPECT_TRUE(document["context"].contains("date"));
}

TEST(Export, OpenMetricsHasBaseUnitsAndAnEnd) {
  const std::string text = export_run(sample_summary(), ExportFormat::openmetrics);
  EXPECT_NE(text.find("# UNIT podbench_p50_seconds seconds\n"), std::string::npos);
  EXPECT_NE(text.find("podbench_p50_seconds{pattern=\"allreduce\",algorithm=\"ring\",transport=\"shm\""),
            std::string::npos);
  EXPECT_NE(text.find("} 5e-07\n"), std::string::npos);
  EXPECT_EQ(text.find("nan"), std::string::npos);
  EXPECT_TRUE(text.ends_with("# EOF\n"));
}

TEST(Export, OddTextIsEscaped) {
  RunSummary run = sample_summary();
  run.cases.resize(1);
  run.cases[0].key.transport = "a\"b\\c\nd,e\xff";
  EXPECT_NE(export_run(run, ExportFormat::openmetrics).find("transport=\"a\\\"b\\\\c\\nd,e"),
            std::string::npos);
  EXPECT_NE(export_run(run, ExportFormat::csv).find("\"a\"\"b\\c\nd,e"), std::string::npos);
  EXPECT_TRUE(json::accept(export_run(run, ExportFormat::json)));
}

TEST(Export, FormatsHaveNames) {
  for (const std::string& name : export_formats())
    EXPECT_NO_THROW(static_cast<void>(parse_export_format(name)));
  EXPECT_THROW(static_cast<void>(parse_export_format("xml")), RequestError);
}

}  // namespace
}  // namespace podbench
