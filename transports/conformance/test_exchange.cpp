// Many peers, memories and batches at once.
#include <gtest/gtest.h>

#include <array>
#include <thread>
#include <vector>

#include "transports/conformance/stage.hpp"

namespace podbench::conformance {
namespace {

class Exchange : public SourceTest {};
INSTANTIATE_TEST_SUITE_P(Conformance, Exchange, ::testing::Values(Source::allocated, Source::adopted),
                         source_name);

// What rank `from` sends to rank `to`: unequal, and nothing for some pairs.
std::size_t share(int from, int to, std::size_t unit) {
  return unit * static_cast<std::size_t>((from + 2 * to) % 4) + static_cast<std::size_t>(to % 2);
}

TEST_P(Exchange, EverybodyWithEverybody) {
  for (const std::size_t unit : {3, 1'000, 50'000}) {
    SCOPED_TRACE(unit);
    const std::size_t slot = 3 * unit + 1;
    const auto ranks = static_cast<std::size_t>(stage().size());
    const Buffer out(ranks * slot, GetParam()), in(ranks * slot, GetParam());
    std::vector<Transfer> transfers;
    for (int peer = 0; peer < stage().size(); ++peer) {
      const std::size_t at = static_cast<std::size_t>(peer) * slot;
      const std::size_t outgoing = share(stage().rank(), peer, unit);
      fill(out.bytes(at, outgoing), seed_of(stage().rank(), peer, unit));
      transfers.push_back(out.send(peer, 7, at, outgoing));
      transfers.push_back(in.receive(peer, 7, at, share(peer, stage().rank(), unit)));
    }
    const auto batch = stage().endpoint().prepare(transfers);
    for (int round = 0; round < 5; ++round) {
      fill(in.all(), 0);
      batch->post();
      stage().complete(*batch);
      for (int peer = 0; peer < stage().size(); ++peer)
        ASSERT_EQ(
            difference(in.bytes(static_cast<std::size_t>(peer) * slot, share(peer, stage().rank(), unit)),
                       seed_of(peer, stage().rank(), unit)),
            "")
            << "from rank " << peer;
    }
  }
}

// Everybody posts sends and receives in one batch; buffers of the transport fill up in both directions.
TEST_P(Exchange, LargeMessagesBothWays) {
  const std::size_t bytes = (std::size_t{8} << 20) / static_cast<std::size_t>(stage().size()) + 13;
  const auto ranks = static_cast<std::size_t>(stage().size());
  const Buffer out(ranks * bytes, GetParam()), in(ranks * bytes, GetParam());
  std::vector<Transfer> transfers;
  for (int peer = 0; peer < stage().size(); ++peer) {
    fill(out.bytes(static_cast<std::size_t>(peer) * bytes, bytes), seed_of(stage().rank(), peer, 1));
    transfers.push_back(out.send(peer, 0, static_cast<std::size_t>(peer) * bytes, bytes));
  }
  for (int peer = 0; peer < stage().size(); ++peer)
    transfers.push_back(in.receive(peer, 0, static_cast<std::size_t>(peer) * bytes, bytes));
  stage().run(transfers);
  for (int peer = 0; peer < stage().size(); ++peer)
    EXPECT_EQ(
        difference(in.bytes(static_cast<std::size_t>(peer) * bytes, bytes), seed_of(peer, stage().rank(), 1)),
        "")
        << "from rank " << peer;
}

TEST_P(Exchange, EverybodyToOne) {
  constexpr std::size_t messages = 40, bytes = 2'000;
  const auto ranks = static_cast<std::size_t>(stage().size());
  const Buffer out(messages * bytes, GetParam()), in(ranks * messages * bytes, GetParam());
  std::vector<Transfer> transfers;
  for (std::size_t i = 0; i < messages; ++i) {
    fill(out.bytes(i * bytes, bytes), seed_of(stage().rank(), 0, i));
    transfers.push_back(out.send(0, 2, i * bytes, bytes));
    for (int peer = 0; stage().rank() == 0 && peer < stage().size(); ++peer)
      transfers.push_back(
          in.receive(peer, 2, (static_cast<std::size_t>(peer) * messages + i) * bytes, bytes));
  }
  stage().run(transfers);
  for (std::size_t slot = 0; stage().rank() == 0 && slot < ranks * messages; ++slot)
    ASSERT_EQ(difference(in.bytes(slot * bytes, bytes),
                         seed_of(static_cast<int>(slot / messages), 0, slot % messages)),
              "")
        << slot;
}

TEST_P(Exchange, SeveralMemoriesInOneBatch) {
  constexpr std::size_t bytes = 10'000, count = 4;
  std::vector<Buffer> out, in;
  std::vector<Transfer> transfers;
  for (std::size_t i = 0; i < count; ++i) {
    out.emplace_back(bytes, i % 2 == 0 ? GetParam() : Source::adopted);
    in.emplace_back(bytes, i % 3 == 0 ? GetParam() : Source::allocated);
    fill(out[i].all(), seed_of(stage().rank(), 0, i));
    transfers.push_back(out[i].send(stage().right(), 1, 0, bytes));
    transfers.push_back(in[i].receive(stage().left(), 1, 0, bytes));
  }
  stage().run(transfers);
  for (std::size_t i = 0; i < count; ++i)
    EXPECT_EQ(difference(in[i].all(), seed_of(stage().left(), 0, i)), "") << i;
}

TEST_P(Exchange, ConcurrentBatches) {
  constexpr std::size_t batches = 8, bytes = 30'000;
  const Buffer out(batches * bytes, GetParam()), in(batches * bytes, GetParam());
  std::vector<std::unique_ptr<Batch>> flying;
  for (std::size_t i = 0; i < batches; ++i) {
    const std::array pair = {in.receive(stage().left(), 1, i * bytes, bytes),
                             out.send(stage().right(), 1, i * bytes, bytes)};
    flying.push_back(stage().endpoint().prepare(pair));
  }
  for (std::uint64_t round = 0; round < 3; ++round) {
    for (std::size_t i = 0; i < batches; ++i) {
      fill(out.bytes(i * bytes, bytes), seed_of(stage().rank(), static_cast<int>(i), round));
      flying[i]->post();
    }
    for (std::size_t i = batches; i-- > 0;) stage().complete(*flying[i]);
    for (std::size_t i = 0; i < batches; ++i)
      EXPECT_EQ(difference(in.bytes(i * bytes, bytes), seed_of(stage().left(), static_cast<int>(i), round)),
                "")
          << i;
  }
}

TEST_P(Exchange, EmptyAndUnpostedBatches) {
  const auto empty = stage().endpoint().prepare({});
  for (int round = 0; round < 3; ++round) {
    empty->post();
    EXPECT_TRUE(empty->test());
    EXPECT_TRUE(empty->test());
  }
  const Buffer buffer(100, GetParam());
  const std::array pair = {buffer.send(stage().right(), 0, 0, 50), buffer.receive(stage().left(), 0, 50, 50)};
  for (int i = 0; i < 50; ++i) EXPECT_NE(stage().endpoint().prepare(pair), nullptr);
}

TEST_P(Exchange, MemoryComesAndGoes) {
  for (std::uint64_t round = 0; round < 40; ++round) {
    const std::size_t bytes = 20'000 + 5'000 * (round % 7);
    const Buffer out(bytes, GetParam()), in(bytes, GetParam());
    fill(out.all(), seed_of(stage().rank(), 0, round));
    stage().run({in.receive(stage().left(), 0, 0, bytes), out.send(stage().right(), 0, 0, bytes)});
    ASSERT_EQ(difference(in.all(), seed_of(stage().left(), 0, round)), "") << round;
  }
}

// Ranks wait asleep; an arrival that did not wake its receiver would cost it the whole sleep.
TEST_P(Exchange, ASleepingRankWakesForAnArrival) {
  constexpr std::chrono::seconds sleep(20);
  for (const std::size_t bytes : {8, 100'000}) {
    const Buffer out(bytes, GetParam()), in(bytes, GetParam());
    const std::array receive = {in.receive(stage().left(), 0, 0, bytes)};
    const std::array send = {out.send(stage().right(), 0, 0, bytes)};
    const auto incoming = stage().endpoint().prepare(receive), outgoing = stage().endpoint().prepare(send);
    for (int round = 0; round < 20; ++round) {
      const Deadline slept_through = Deadline::after(sleep);
      incoming->post();
      if (stage().rank() == round % stage().size()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
      outgoing->post();
      while (!incoming->test() || !outgoing->test()) {
        ASSERT_FALSE(slept_through.passed() || stage().board().any_failed());
        stage().endpoint().block(sleep);
      }
      ASSERT_FALSE(slept_through.passed());
    }
  }
}

}  // namespace
}  // namespace podbench::conformance
