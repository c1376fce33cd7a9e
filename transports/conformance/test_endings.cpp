// Endings: what an endpoint does when something goes wrong. Each is a launch of its own.
#include <gtest/gtest.h>
#include <signal.h>

#include <array>
#include <thread>

#include "base/error.hpp"
#include "transports/conformance/stage.hpp"

namespace podbench::conformance {
namespace {

class Ending : public ConformanceTest {};

// Everybody has talked to everybody, so that connections are up.
void greet_everybody() {
  const auto ranks = static_cast<std::size_t>(stage().size());
  const Buffer out(8, Source::adopted), in(8 * ranks, Source::adopted);
  std::vector<Transfer> transfers;
  for (int peer = 0; peer < stage().size(); ++peer) {
    transfers.push_back(in.receive(peer, 0, 8 * static_cast<std::size_t>(peer), 8));
    transfers.push_back(out.send(peer, 0, 0, 8));
  }
  stage().run(transfers);
}

// Tests until the batch completes, an exception comes or the span is over; true where it completed.
bool completes_within(Batch& batch, std::chrono::seconds span) {
  const Waiter waiter(stage().crowded(), span);
  return waiter.wait(batch, stage().endpoint());
}

TEST_F(Ending, LostPeer) {
  constexpr std::size_t large = std::size_t{8} << 20;
  const int victim = stage().size() - 1;
  const Buffer in(8, Source::allocated), out(large, Source::allocated);
  greet_everybody();
  stage().fence();
  if (stage().rank() == victim) {
    stage().board().slot(victim).doomed = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    raise(SIGKILL);
  }
  int lost = -1;
  try {
    const std::array transfers = {in.receive(victim, 1, 0, 8), out.send(victim, 1, 0, large)};
    const auto batch = stage().endpoint().prepare(transfers);
    batch->post();
    EXPECT_FALSE(completes_within(*batch, std::chrono::seconds(5))) << "a message came from a dead rank";
  } catch (const LostPeer& error) {
    lost = error.rank();
    EXPECT_EQ(lost, victim);
  } catch (const RunError& error) {
    std::fprintf(stderr, "rank %d: %s\n", stage().rank(), error.what());
  }
  if (stage().board().notices_lost_peer()) {
    EXPECT_EQ(lost, victim) << "the loss was not noticed";
  }
  stage().linger();  // whoever leaves first would be the next that is lost
}

// Whether the receive is posted before or after the message comes, it must not be written beyond its end.
void overlong(std::size_t sent, std::size_t expected, bool early) {
  const Buffer out(sent, Source::allocated), in(expected, Source::allocated);
  greet_everybody();
  const std::array send = {out.send(1, 1, 0, sent)}, receive = {in.receive(0, 1, 0, expected)};
  const auto sending = stage().endpoint().prepare(send), receiving = stage().endpoint().prepare(receive);
  if (stage().rank() != 1) {
    stage().fence();
    if (stage().rank() == 0) sending->post();
    return stage().linger();
  }
  // The message may be there, and break, before the fence is passed.
  const auto attempt = [&] {
    if (early) receiving->post();
    stage().fence();
    if (!early) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      receiving->post();
    }
    std::ignore = completes_within(*receiving, std::chrono::seconds(20));
  };
  try {
    attempt();
    ADD_FAILURE() << "nothing was thrown";
  } catch (const LostPeer& error) {
    ADD_FAILURE() << "nobody was lost: " << error.what();
  } catch (const RunError&) {
    SUCCEED();
  }
  EXPECT_TRUE(in.margins_are_intact());
  stage().leave();
}

TEST_F(Ending, ShortMessageTooLong) {
  overlong(64, 50, true);
}
TEST_F(Ending, ShortUnexpectedMessageTooLong) {
  overlong(64, 50, false);
}
TEST_F(Ending, LargeMessageTooLong) {
  overlong(2 << 20, 1 << 20, true);
}

}  // namespace
}  // namespace podbench::conformance
