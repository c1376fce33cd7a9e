#include "bench/common_start.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "base/error.hpp"
#include "bench/clock/test/thread_network.hpp"

namespace podbench {
namespace {

constexpr auto patience = std::chrono::seconds(20);

// When a clock shows `shown_ns`, by the machine's own.
double machine_time(const LocalClock& clock, std::int64_t shown_ns) {
  const std::int64_t now = now_ns();
  return static_cast<double>(now) + static_cast<double>(shown_ns - clock.at(now));
}

struct Started {
  double start = 0, entry = 0;  // by the machine's clock, ns
  StartQuality quality;
};

// Ranks whose clocks are minutes apart and run at different rates.
std::vector<Started> start_together(int ranks, std::int64_t slack_ns) {
  ThreadNetwork network(ranks);
  std::vector<Started> started(static_cast<std::size_t>(ranks));
  std::vector<int> clock_of_rank;
  for (int rank = 0; rank < ranks; ++rank) clock_of_rank.push_back(rank);
  std::vector<std::thread> threads;
  for (int rank = 0; rank < ranks; ++rank)
    threads.emplace_back([&, rank] {
      ThreadEndpoint endpoint(network, rank);
      const Waiter waiter(true, patience);
      Control control(endpoint, waiter);
      const LocalClock clock(rank * 100'000'000'000, rank * 20e-6);
      CommonStart common(endpoint, control, clock_of_rank, clock, true);
      Started& mine = started[static_cast<std::size_t>(rank)];
      mine.quality = common.align();
      const CommonStart::Moment moment = common.await(slack_ns);
      EXPECT_GE(moment.entry_ns, moment.start_ns);
      mine.start = machine_time(clock, moment.start_ns);
      mine.entry = machine_time(clock, moment.entry_ns);
    });
  for (std::thread& thread : threads) thread.join();
  return started;
}

TEST(CommonStart, IsOneMomentForClocksThatDiffer) {
  for (const int ranks : {1, 2, 3, 5}) {
    SCOPED_TRACE(ranks);
    const std::vector<Started> all = start_together(ranks, 20'000'000);
    for (const Started& one : all) {
      // Threads share cores here, which the residual states; without the clocks' models it were minutes.
      EXPECT_LE(std::abs(one.start - all[0].start), 20 * one.quality.clock_error_ns + 1e6);
      EXPECT_GE(one.quality.announced_ns, 0);
    }
  }
}

TEST(CommonStart, RefusesAMomentFarAhead) {
  ThreadNetwork network(1);
  ThreadEndpoint endpoint(network, 0);
  const Waiter waiter(true, patience);
  Control control(endpoint, waiter);
  CommonStart common(endpoint, control, std::vector<int>{0}, LocalClock(), false);
  EXPECT_THROW((void)common.await(3'600'000'000'000), RunError);
}

}  // namespace
}  // namespace podbench
