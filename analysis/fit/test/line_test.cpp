#include "analysis/fit/line.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "analysis/fit/estimate.hpp"
#include "analysis/fit/pieces.hpp"
#include "analysis/fit/test/planted.hpp"

namespace podbench::fit {
namespace {

std::vector<Sample> on_line(const Line& line, std::uint64_t first, std::uint64_t last, std::uint64_t factor) {
  std::vector<Sample> samples;
  for (const std::uint64_t size : test::sizes(first, last, factor))
    samples.push_back({static_cast<double>(size), line.at(static_cast<double>(size))});
  return samples;
}

TEST(Line, IsFoundOverManyDecades) {
  const Line line = fit_line(on_line({750, 0.083}, 1, 1U << 30, 4), 0.02);
  EXPECT_NEAR(line.start_ns, 750, 1e-3);
  EXPECT_NEAR(line.per_byte_ns, 0.083, 1e-7);
}

TEST(Line, AFewWildPointsDoNotPullIt) {
  auto samples = on_line({750, 0.083}, 8, 16U << 20, 2);
  samples[2].time_ns *= 5;
  samples[20].time_ns *= 0.4;
  const Line line = fit_line(samples, 0.02);
  EXPECT_NEAR(line.start_ns / 750, 1, 0.01);
  EXPECT_NEAR(line.per_byte_ns / 0.083, 1, 0.01);
}

TEST(Line, NeverFallsAndCopesWithLittle) {
  const std::vector<Sample> falling = {{8, 900}, {64, 850}, {512, 800}};
  const Line level = fit_line(falling, 0.02);
  EXPECT_EQ(level.per_byte_ns, 0);
  EXPECT_NEAR(level.start_ns, 850, 50);
  const std::vector<Sample> one = {{8, 900}};
  EXPECT_DOUBLE_EQ(fit_line(one, 0.02).at(8), 900);
  const std::vector<Sample> two = {{0, 900}, {1'000, 1'900}};
  EXPECT_NEAR(fit_line(two, 0.02).at(500), 1'400, 1e-6);
}

TEST(Line, ErrorsShrinkWithTheResiduals) {
  auto rough = on_line({750, 0.083}, 8, 8U << 20, 4), fine = rough;
  for (std::size_t i = 0; i < rough.size(); ++i) {
    rough[i].time_ns *= i % 2 == 0 ? 1.04 : 0.96;
    fine[i].time_ns *= i % 2 == 0 ? 1.004 : 0.996;
  }
  const LineErrors of_rough = line_errors(fit_line(rough, 0.05), rough, 0.05);
  const LineErrors of_fine = line_errors(fit_line(fine, 0.05), fine, 0.05);
  EXPECT_NEAR(of_rough.start_ns / of_fine.start_ns, 10, 1);
  EXPECT_NEAR(of_rough.per_byte_ns / of_fine.per_byte_ns, 10, 1);
  EXPECT_TRUE(std::isnan(line_errors({750, 1}, std::span(rough).first(2), 0.05).start_ns));
}

TEST(Pieces, AreFoundWithTheirSwitches) {
  std::vector<Sample> samples = on_line({500, 0.2}, 8, 8U << 10, 2);
  for (const Sample& sample : on_line({3'000, 0.05}, 16U << 10, 8U << 20, 2)) samples.push_back(sample);
  const auto pieces = find_pieces(samples, {});
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_EQ(samples[pieces[0].last].bytes, 8U << 10);
  EXPECT_NEAR(pieces[0].line.start_ns, 500, 1);
  EXPECT_NEAR(pieces[1].line.start_ns, 3'000, 1);
  EXPECT_NEAR(pieces[1].line.per_byte_ns, 0.05, 1e-5);
  // The lines cross at 16,667 B, beyond the cut: the middle of 8 and 16 KiB is what is left.
  EXPECT_NEAR(switch_bytes(samples, pieces[0], pieces[1]), (8U << 10) * std::sqrt(2.0), 1);
}

TEST(Pieces, ALineBelowNothingWaitsForItsSamples) {
  std::vector<Sample> samples = on_line({500, 0.2}, 8, 8U << 10, 2);
  for (const Sample& sample : on_line({-200'000, 2.5}, 128U << 10, 8U << 20, 2)) samples.push_back(sample);
  const auto pieces = find_pieces(samples, {});
  ASSERT_EQ(pieces.size(), 2U);
  const double at = switch_bytes(samples, pieces[0], pieces[1]);
  EXPECT_GT(pieces[1].line.at(at), 0);
  EXPECT_LT(at, 128U << 10);
}

TEST(Pieces, MostIsRespectedAndTwoSizesAreOneLine) {
  std::vector<Sample> samples = on_line({500, 0.2}, 8, 8U << 10, 2);
  for (const Sample& sample : on_line({30'000, 0.05}, 16U << 10, 8U << 20, 2)) samples.push_back(sample);
  EXPECT_EQ(find_pieces(samples, {1, 0.02}).size(), 1U);
  EXPECT_EQ(find_pieces(std::span(samples).first(2), {}).size(), 1U);
  EXPECT_TRUE(find_pieces({}, {}).empty());
}

TEST(Pieces, AStepTooSmallToMatterIsNoSwitch) {
  std::vector<Sample> samples = on_line({500, 0.2}, 8, 8U << 10, 2);
  for (const Sample& sample : on_line({500 * 1.03, 0.2 * 1.03}, 16U << 10, 8U << 20, 2))
    samples.push_back(sample);
  EXPECT_EQ(find_pieces(samples, {}).size(), 1U);
}

TEST(Pieces, ThousandsOfSizesAreNotTooMany) {
  std::vector<Sample> samples;
  for (int i = 1; i <= 10'000; ++i)
    samples.push_back({static_cast<double>(i), i <= 5'000 ? 500 + 0.2 * i : 3'000 + 0.1 * i});
  const auto pieces = find_pieces(samples, {});
  ASSERT_EQ(pieces.size(), 2U);
  EXPECT_NEAR(samples[pieces[0].last].bytes, 5'000, 100);
}

TEST(Pieces, NoiseOfACurveIsSeenThroughItsSwitches) {
  std::vector<Sample> samples = on_line({500, 0.2}, 8, 8U << 10, 2);
  for (const Sample& sample : on_line({3'000, 0.05}, 16U << 10, 8U << 20, 2)) samples.push_back(sample);
  EXPECT_LT(own_noise(samples), 1e-6);
  for (std::size_t i = 0; i < samples.size(); ++i) samples[i].time_ns *= i % 2 == 0 ? 1.03 : 0.97;
  EXPECT_NEAR(own_noise(samples), 0.06, 0.025);
  EXPECT_TRUE(std::isnan(own_noise(std::span(samples).first(4))));
}

TEST(Estimate, IntervalsComeFromTheLaunches) {
  const Estimate six = by_launches(10, {9, 12, 11, 10, 8, 10});
  EXPECT_EQ(six.lo, 8);
  EXPECT_EQ(six.hi, 12);
  const Estimate two = by_launches(10, {9, 11});
  EXPECT_NEAR(two.hi - two.lo, 2 * 12.706, 0.01);  // Student's t with one degree of freedom
  EXPECT_FALSE(by_launches(10, {10}).has_interval());
  EXPECT_TRUE(by_launches(20, {9, 12, 11, 10, 8, 10}).hi == 20);
}

TEST(Estimate, AnInverseTurnsTheInterval) {
  const Estimate rate = inverse({0.1, 0.08, 0.125});
  EXPECT_NEAR(rate.value, 10, 1e-12);
  EXPECT_NEAR(rate.lo, 8, 1e-12);
  EXPECT_NEAR(rate.hi, 12.5, 1e-12);
  EXPECT_FALSE(inverse({0, 0, 0}).known());
  EXPECT_FALSE(inverse({0.1, -0.1, 0.3}).has_interval());
}

}  // namespace
}  // namespace podbench::fit
