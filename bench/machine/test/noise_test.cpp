#include "bench/machine/noise.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "bench/machine/noise_warning.hpp"
#include "bench/machine/record.hpp"

namespace podbench {
namespace {

TEST(Noise, AddsUpWhatIsMissing) {
  // 1000 quanta of 20 us, ten of them interrupted for 30 us and one for 1 ms; a slow one of 25 us is no
  // interruption but misses 5 us.
  std::vector<std::int64_t> times(1000, 20'000);
  for (std::size_t i = 0; i < 10; ++i) times[i * 50] = 50'000;
  times[777] = 1'020'000;
  times[778] = 25'000;
  const NoiseReport report = summarise_noise(times);
  const double seconds = (1000 * 20'000 + 300'000 + 1'000'000 + 5'000) * 1e-9;
  EXPECT_EQ(report.quantum_ns, 20'000);
  EXPECT_EQ(report.quanta, 1000u);
  EXPECT_EQ(report.largest_interruption_ns, 1'000'000);
  EXPECT_NEAR(report.missing_ns_per_second, 1'305'000 / seconds, 1);
  EXPECT_NEAR(report.interruptions_per_second, 11 / seconds, 1e-6);
}

TEST(Noise, AQuietMachineMissesNothing) {
  const NoiseReport report = summarise_noise(std::vector<std::int64_t>(100, 20'000));
  EXPECT_EQ(report.missing_ns_per_second, 0);
  EXPECT_EQ(report.largest_interruption_ns, 0);
  EXPECT_EQ(summarise_noise({}).quanta, 0u);
  EXPECT_EQ(summarise_noise(std::vector<std::int64_t>(3, 0)).missing_ns_per_second, 0);
}

TEST(Noise, AHundredthOfACoreIsTolerable) {
  NoiseReport report;
  EXPECT_TRUE(report.tolerable());
  report.missing_ns_per_second = 10e6;
  EXPECT_TRUE(report.tolerable());
  report.missing_ns_per_second = 10.1e6;
  EXPECT_FALSE(report.tolerable());
}

NodeRecord node_with(const std::string& name, double missing_before_ns, double missing_after_ns) {
  NodeRecord node{name, {{"cpu.model", "x"}}, {}};
  NoiseReport noise{20'000, 2'500, missing_before_ns, 61'000, 3};
  record_noise(noise, "before", node);
  noise.missing_ns_per_second = missing_after_ns;
  noise.largest_interruption_ns = 4'200'000;
  record_noise(noise, "after", node);
  return node;
}

TEST(Noise, WarnsOfEveryNoisyNodeOnce) {
  const std::vector<NodeRecord> nodes{node_with("quiet", 9e6, 10e6), node_with("before", 12e6, 0),
                                      node_with("both", 12e6, 31e6)};
  const std::vector<std::string> lines = noise_warnings(nodes);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(
      lines[0],
      "before is noisy: interruptions took up to 12 ms of every second from a core, the longest 4.2 ms; "
      "`podbench doctor` says how to mend it");
  EXPECT_NE(lines[1].find("both is noisy: interruptions took up to 31 ms"), std::string::npos) << lines[1];
}

TEST(Noise, WarnsOfTheWorstLaunch) {
  NodeRecord node = node_with("n", 0, 0);
  EXPECT_TRUE(noise_warnings({&node, 1}).empty());
  node.attributes["launch.12.noise.after.missing_ns_per_second"] = "500000000";
  node.attributes["launch.3.noise.before.missing_ns_per_second"] = "20000000";
  node.attributes["launch.3.noise.before.largest_interruption_ns"] = "8000000";
  const std::vector<std::string> lines = noise_warnings({&node, 1});
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_NE(lines[0].find("up to 500 ms of every second from a core, the longest 8 ms"), std::string::npos)
      << lines[0];
}

TEST(Noise, AWarningNeedsAFigure) {
  const NodeRecord junk{"n",
                        {{"noise.before.missing_ns_per_second", "a lot"},
                         {"launch.noise.before.missing_ns_per_second", "99999999"},
                         {"launch.1.env.X.missing_ns_per_second", "99999999"},
                         {"noise.after.quantum_ns", "99999999"}},
                        {}};
  EXPECT_TRUE(noise_warnings({&junk, 1}).empty());
  EXPECT_TRUE(noise_warnings({}).empty());
}

TEST(Noise, MeasuresThisMachine) {
  const NoiseReport report = measure_noise(std::chrono::milliseconds(20));
  EXPECT_GT(report.quanta, 1u);
  EXPECT_GT(report.quantum_ns, 0);
  EXPECT_GE(report.missing_ns_per_second, 0);
  EXPECT_LE(report.missing_ns_per_second, 1e9);
}

}  // namespace
}  // namespace podbench
