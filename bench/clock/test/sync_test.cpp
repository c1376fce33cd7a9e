#include "bench/clock/sync.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <thread>

#include "base/error.hpp"
#include "bench/clock/test/thread_network.hpp"
#include "transports/cores.hpp"

namespace podbench {
namespace {

constexpr auto patience = std::chrono::seconds(20);

// Runs `body(endpoint, rank)` in a thread a rank.
void on_all_ranks(int ranks, const std::function<void(Endpoint&, int)>& body) {
  ThreadNetwork network(ranks);
  std::vector<std::thread> threads;
  for (int rank = 0; rank < ranks; ++rank)
    threads.emplace_back([&, rank] {
      ThreadEndpoint endpoint(network, rank);
      body(endpoint, rank);
    });
  for (std::thread& thread : threads) thread.join();
}

struct Outcome {
  double error_ns = 0, stated_ns = 0;
};

// Every rank's clock is off by minutes and runs hundreds of ppm wrong: 300 ms after the last exchange a clock
// without a drift model would be off by 60 us and more.
std::vector<Outcome> synchronise(int ranks, const std::vector<int>& clock_of_rank, bool refresh) {
  std::vector<LocalClock> clocks;
  for (const int clock : clock_of_rank) clocks.emplace_back(clock * 100'000'000'000ll, clock * 200e-6);
  std::vector<Outcome> outcomes(static_cast<std::size_t>(ranks));
  on_all_ranks(ranks, [&](Endpoint& endpoint, int rank) {
    const Waiter waiter(ranks > usable_cores(), patience);
    const LocalClock& mine = clocks[static_cast<std::size_t>(rank)];
    ClockSyncSettings settings;
    settings.bursts = 12;
    ClockSync sync(endpoint, waiter, clock_of_rank, settings, mine);
    sync.synchronise();
    if (refresh) sync.refresh();
    const std::int64_t later = now_ns() + 300'000'000;
    const std::int64_t told = sync.to_root(mine.at(later)), truth = clocks[0].at(later);
    EXPECT_LE(std::abs(sync.to_own(told) - mine.at(later)), 1);
    outcomes[static_cast<std::size_t>(rank)] = {std::fabs(static_cast<double>(told - truth)),
                                                sync.residual_ns() + sync.bound_ns()};
  });
  return outcomes;
}

// The line is foretold over several times the span it was fitted to, so its error may be a multiple of the
// points' own; clocks as wrong as these, uncorrected, miss the limit by orders of magnitude.
void expect_within_what_is_stated(const std::vector<Outcome>& outcomes) {
  for (const Outcome& outcome : outcomes) EXPECT_LE(outcome.error_ns, 20 * outcome.stated_ns + 2000);
  EXPECT_EQ(outcomes[0].error_ns, 0);
}

TEST(ClockSync, RelatesEveryClockToTheRoots) {
  for (const int ranks : {1, 2, 3, 5}) {
    std::vector<int> own_clock;
    for (int r = 0; r < ranks; ++r) own_clock.push_back(r);
    SCOPED_TRACE(ranks);
    expect_within_what_is_stated(synchronise(ranks, own_clock, false));
  }
}

TEST(ClockSync, HandsTheModelOnWhereTheClockIsShared) {
  const auto outcomes = synchronise(5, {0, 0, 2, 2, 2}, false);
  expect_within_what_is_stated(outcomes);
  EXPECT_EQ(outcomes[1].error_ns, 0);
  EXPECT_EQ(outcomes[3].stated_ns, outcomes[2].stated_ns);
}

TEST(ClockSync, RefreshesWithMorePoints) {
  expect_within_what_is_stated(synchronise(3, {0, 1, 2}, true));
}

TEST(ClockChannel, GivesUpOnASilentPeer) {
  ThreadNetwork network(2);
  ThreadEndpoint endpoint(network, 0);
  const Waiter waiter(false, std::chrono::milliseconds(5));
  ClockChannel channel(endpoint, waiter, 1, LocalClock());
  try {
    (void)channel.ask(1);
    FAIL() << "no answer is not an answer";
  } catch (const StalledError& stalled) {
    EXPECT_EQ(stalled.peers(), std::vector{1});
  }
}

// As with packets that are lost: what a pair may take is over after the first burst, and the line is drawn
// through the bursts of a refresh.
TEST(ClockSync, AskNoMoreThanTheirTimeAllows) {
  on_all_ranks(2, [](Endpoint& endpoint, int rank) {
    ClockSyncSettings settings;
    settings.bursts = 1'000'000;
    settings.most = std::chrono::nanoseconds(1);
    ClockSync sync(endpoint, Waiter(true, patience), std::vector{0, 1}, settings, LocalClock(rank * 1000, 0));
    sync.synchronise();
    EXPECT_LE(std::abs(sync.to_root(sync.clock().at(now_ns())) - now_ns()), 1'000'000);
  });
}

TEST(ClockChannel, RefusesNonsense) {
  ThreadNetwork network(2);
  ThreadEndpoint endpoint(network, 0), peer(network, 1);
  const Waiter waiter(false, patience);
  ClockChannel channel(endpoint, waiter, 1, LocalClock()), other(peer, waiter, 0, LocalClock());
  for (const double drift : {0.5, -1.0, std::nan(""), static_cast<double>(INFINITY)}) {
    ClockFit fit;
    fit.model.drift = drift;
    other.send_fit(fit);
    EXPECT_THROW((void)channel.receive_fit(), RunError);
  }
  std::vector<std::byte> wrong_sequence(16, std::byte{9});
  network.send(1, 0, ClockChannel::reading_tag, wrong_sequence);
  EXPECT_THROW((void)channel.ask(1), RunError);
}

}  // namespace
}  // namespace podbench
