#include "analysis/telemetry/power.hpp"

#include <gtest/gtest.h>

#include "analysis/telemetry/findings.hpp"
#include "analysis/telemetry/test/sample_telemetry.hpp"

namespace podbench {
namespace {

using enum TelemetryKind;
using test::add_series;
using test::began_ns;
using test::second_ns;

void add_package(Run& run, const std::string& node, double idle_w, double busy_w) {
  add_series(run, node, "energy.package-0", "J", counter, 20,
             [=](int i) { return idle_w * std::min(i, 10) + busy_w * std::max(i - 10, 0); });
}

TEST(Power, SumsWhatIsNotInAnother) {
  podbench::Run run = test::run_of(2);
  add_package(run, "n1", 100, 200);
  add_series(run, "n1", "energy.package-0.core", "J", counter, 20, [](int i) { return 50 * i; });
  add_series(run, "n1", "energy.package-0.dram", "J", counter, 20, [](int i) { return 10 * i; });
  add_series(run, "n1", "gpu0.power", "W", gauge, 20, [](int) { return 400; });
  add_series(run, "n1", "hwmon.nvme.power1", "W", gauge, 20, [](int) { return 9; });
  const auto steps = power_of(telemetry_by_node(run).at("n1"));
  ASSERT_EQ(steps.size(), 20U);
  EXPECT_DOUBLE_EQ(steps.front().watts, 100 + 10 + 400);
  EXPECT_DOUBLE_EQ(steps.back().watts, 200 + 10 + 400);
  EXPECT_EQ(steps.back().to_ns, began_ns + 20 * second_ns);
}

TEST(Power, ARackIsOverItsLimitTogether) {
  podbench::Run run = test::run_of(2);
  add_package(run, "n1", 100, 200);
  add_package(run, "n2", 100, 250);
  const std::vector<PowerGroup> groups = {
      {"rack0", {"n1", "n2"}, 400}, {"n1", {"n1"}, 210}, {"rack1", {"n1", "n9"}, 500}};
  const auto findings = power_over(run, groups);
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].node, "rack0");
  EXPECT_TRUE(findings[0].serious);
  EXPECT_DOUBLE_EQ(findings[0].amount, 450);
  EXPECT_EQ(findings[0].from_ns, began_ns + 10 * second_ns);
  EXPECT_NE(findings[0].words.find("450 W at most, over the limit of 400 W"), std::string::npos)
      << findings[0].words;
  EXPECT_FALSE(findings[1].serious);
  EXPECT_NE(findings[1].words.find("1 of 2 nodes report power"), std::string::npos);
}

}  // namespace
}  // namespace podbench
