#include "bench/clock/model.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.hpp"

namespace podbench {
namespace {

// A clock that runs `drift` too fast and was set `offset_ns` ahead of true time.
struct SimulatedClock {
  std::int64_t offset_ns = 0;
  double drift = 0;
  [[nodiscard]] std::int64_t at(std::int64_t true_ns) const {
    return true_ns + offset_ns + std::llround(drift * static_cast<double>(true_ns));
  }
};

// A path: a least delay each way, exponential jitter on top, and now and then a long interruption.
struct SimulatedPath {
  double there_ns = 0, back_ns = 0, jitter_ns = 0, spike_share = 0, spike_ns = 0;
  Random random{1};
  [[nodiscard]] std::int64_t delay(double least_ns) {
    const double jitter = -jitter_ns * std::log(1 - random.unit());
    return std::llround(least_ns + jitter + (random.unit() < spike_share ? spike_ns * random.unit() : 0));
  }
};

// Bursts of exchanges, one burst every `pause_ns` of true time; the quickest of each.
std::vector<OffsetPoint> measure(const SimulatedClock& asker, const SimulatedClock& other,
                                 SimulatedPath& path, std::int64_t begin_ns, int bursts, int exchanges,
                                 std::int64_t pause_ns) {
  std::vector<OffsetPoint> points;
  for (int burst = 0; burst < bursts; ++burst) {
    std::int64_t now = begin_ns + burst * pause_ns;
    std::vector<ClockExchange> burst_exchanges;
    for (int i = 0; i < exchanges; ++i) {
      ClockExchange exchange{asker.at(now), 0, 0};
      now += path.delay(path.there_ns);
      exchange.answered_ns = other.at(now);
      now += path.delay(path.back_ns);
      exchange.received_ns = asker.at(now);
      burst_exchanges.push_back(exchange);
      now += 50;
    }
    points.push_back(quickest(burst_exchanges));
  }
  return points;
}

// The 95% quantile of the model's error over a second of true time after the fit.
double error_after(const ClockModel& model, const SimulatedClock& asker, const SimulatedClock& other,
                   std::int64_t from_ns) {
  std::vector<double> errors;
  for (int i = 0; i < 1000; ++i) {
    const std::int64_t t = from_ns + i * 1'000'000;
    errors.push_back(std::fabs(static_cast<double>(model.to_other(asker.at(t)) - other.at(t))));
  }
  std::sort(errors.begin(), errors.end());
  return errors[950];
}

constexpr std::int64_t start_ns = 5'000'000'000'000;  // a host that has been up for an hour and more

TEST(ClockModel, QuickestExchangeMakesThePoint) {
  const std::vector<ClockExchange> exchanges{{100, 1200, 400}, {500, 1600, 600}, {700, 1900, 1200}};
  const OffsetPoint point = quickest(exchanges);
  EXPECT_EQ(point.round_trip_ns, 100);
  EXPECT_EQ(point.at_ns, 550);
  EXPECT_EQ(point.offset_ns, 1050);
}

TEST(ClockModel, GoesThereAndBackToTheNanosecond) {
  Random random(2);
  for (int i = 0; i < 10'000; ++i) {
    const ClockModel model{
        start_ns, static_cast<std::int64_t>(random.below(2'000'000'000'000'000)) - 1'000'000'000'000'000,
        random.unit(), (random.unit() - 0.5) * 400e-6};
    const std::int64_t own = start_ns + static_cast<std::int64_t>(random.below(3'600'000'000'000));
    ASSERT_LE(std::abs(model.to_own(model.to_other(own)) - own), 1) << i;
  }
}

TEST(ClockModel, ComposesLikeItsParts) {
  Random random(3);
  for (int i = 0; i < 10'000; ++i) {
    const auto any = [&] {
      return ClockModel{start_ns + static_cast<std::int64_t>(random.below(1'000'000'000)),
                        static_cast<std::int64_t>(random.below(1'000'000'000'000)), random.unit(),
                        (random.unit() - 0.5) * 100e-6};
    };
    const ClockModel inner = any(), outer = any(), both = compose(outer, inner);
    const std::int64_t own = start_ns + static_cast<std::int64_t>(random.below(60'000'000'000));
    ASSERT_LE(std::abs(both.to_other(own) - outer.to_other(inner.to_other(own))), 2) << i;
  }
}

TEST(ClockFit, IsExactWithoutNoise) {
  const SimulatedClock asker{0, 0}, other{-777'777'777'777, 20e-6};
  SimulatedPath path{100, 100, 0, 0, 0};
  const auto points = measure(asker, other, path, start_ns, 20, 3, 5'000'000);
  const ClockFit fit = fit_clock(points);
  EXPECT_NEAR(fit.model.drift, 20e-6, 1e-9);
  EXPECT_LE(error_after(fit.model, asker, other, start_ns + 100'000'000), 3);
  EXPECT_LE(fit.residual_ns, 2);
  EXPECT_EQ(fit.bound_ns, 100);
}

// Two bursts soon after each other, each off by tens of microseconds.
TEST(ClockFit, ADriftThatNoClockHasIsNoise) {
  const std::vector<OffsetPoint> points{{0, 100'000, 90'000}, {5'000'000, 60'000, 90'000}};
  const ClockFit fit = fit_clock(points);
  EXPECT_EQ(fit.model.drift, 0);
  EXPECT_EQ(fit.model.to_other(0), 80'000);
  EXPECT_GE(fit.residual_ns, 20'000);
}

// What shared memory looks like: 120 ns a way, jitter of 40 ns, one exchange in fifty interrupted for up to
// 50 us, 20 ppm of drift between the clocks. Fitted over 200 ms, used for the second after.
TEST(ClockFit, StaysWithinAHundredNanosecondsOverSharedMemory) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const SimulatedClock asker{123'456, -5e-6}, other{-9'000'000'000, 15e-6};
    SimulatedPath path{120, 120, 40, 0.02, 50'000, Random(seed)};
    const auto points = measure(asker, other, path, start_ns, 40, 25, 5'000'000);
    const ClockFit fit = fit_clock(points);
    EXPECT_LE(error_after(fit.model, asker, other, start_ns + 200'000'000), 100) << seed;
    EXPECT_NEAR(fit.model.drift, 20e-6, 0.1e-6) << seed;
  }
}

// TCP over loopback: 8 us a way, jitter of 3 us, interruptions of a millisecond.
TEST(ClockFit, StaysWithinTwoMicrosecondsOverTcp) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const SimulatedClock asker{0, 0}, other{55'000'000, -20e-6};
    SimulatedPath path{8000, 8000, 3000, 0.05, 1'000'000, Random(seed)};
    const auto points = measure(asker, other, path, start_ns, 40, 25, 10'000'000);
    EXPECT_LE(error_after(fit_clock(points).model, asker, other, start_ns + 400'000'000), 2000) << seed;
  }
}

// An offset alone is wrong by the drift within a second; this is why the line is fitted.
TEST(ClockFit, WithoutASpanThereIsNoDrift) {
  const SimulatedClock asker{0, 0}, other{1000, 20e-6};
  SimulatedPath path{100, 100, 30, 0, 0};
  const auto points = measure(asker, other, path, start_ns, 10, 10, 10'000);
  const ClockFit fit = fit_clock(points);
  EXPECT_EQ(fit.model.drift, 0);
  EXPECT_GT(error_after(fit.model, asker, other, start_ns), 10'000);
  EXPECT_EQ(fit_clock(std::vector<OffsetPoint>{{start_ns, 42, 10}}).model.to_other(start_ns + 5),
            start_ns + 47);
}

// One way that is always slower cannot be seen from the exchanges: the error is half the difference, and the
// bound says so.
TEST(ClockFit, AsymmetryStaysWithinTheStatedBound) {
  const SimulatedClock asker{0, 0}, other{1'000'000, 10e-6};
  SimulatedPath path{100, 300, 10, 0, 0};
  const auto points = measure(asker, other, path, start_ns, 40, 25, 5'000'000);
  const ClockFit fit = fit_clock(points);
  const double error = error_after(fit.model, asker, other, start_ns + 200'000'000);
  EXPECT_NEAR(error, 100, 20);
  EXPECT_LE(error, fit.bound_ns);
}

TEST(ClockFit, ResidualTellsAGoodModelFromAStaleOne) {
  const SimulatedClock asker{0, 0}, other{500, 20e-6};
  SimulatedPath path{120, 120, 40, 0.02, 50'000};
  const ClockFit fit = fit_clock(measure(asker, other, path, start_ns, 40, 25, 5'000'000));
  const auto later = measure(asker, other, path, start_ns + 300'000'000, 20, 25, 1'000'000);
  EXPECT_LE(residual_of(fit.model, later), 60);
  ClockModel stale = fit.model;
  stale.drift = 0;
  EXPECT_GT(residual_of(stale, later), 2000);
  EXPECT_EQ(residual_of(stale, {}), 0);
}

// Along a tree of 64 clocks, each fitted to its parent only.
TEST(ClockFit, ErrorsGrowSlowlyAlongATree) {
  Random random(8);
  std::vector<SimulatedClock> clocks(64);
  for (auto& clock : clocks)
    clock = {static_cast<std::int64_t>(random.below(1'000'000'000'000)), (random.unit() - 0.5) * 40e-6};
  SimulatedPath path{120, 120, 40, 0.02, 50'000};
  std::vector<ClockModel> to_root(clocks.size());
  std::vector<double> errors;
  for (std::size_t rank = 1; rank < clocks.size(); ++rank) {
    std::size_t reach = 1;
    while (2 * reach <= rank) reach *= 2;
    const std::size_t parent = rank - reach;
    const auto points = measure(clocks[rank], clocks[parent], path, start_ns, 40, 25, 5'000'000);
    to_root[rank] = compose(to_root[parent], fit_clock(points).model);
    errors.push_back(error_after(to_root[rank], clocks[rank], clocks[0], start_ns + 200'000'000));
  }
  EXPECT_LE(*std::max_element(errors.begin(), errors.end()), 300);
}

}  // namespace
}  // namespace podbench
