#include "bench/machine/noise.hpp"

#include <gtest/gtest.h>

#include <vector>

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

TEST(Noise, MeasuresThisMachine) {
  const NoiseReport report = measure_noise(std::chrono::milliseconds(20));
  EXPECT_GT(report.quanta, 1u);
  EXPECT_GT(report.quantum_ns, 0);
  EXPECT_GE(report.missing_ns_per_second, 0);
  EXPECT_LE(report.missing_ns_per_second, 1e9);
}

}  // namespace
}  // namespace podbench
