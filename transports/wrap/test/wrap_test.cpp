#include <gtest/gtest.h>
#include <signal.h>

#include <array>
#include <bit>
#include <cstring>
#include <vector>

#include "base/clock.hpp"
#include "transports/wrap/fault.hpp"
#include "transports/wrap/trace.hpp"

namespace podbench {
namespace {

// One rank that talks to itself: the n-th send of a batch lands in its n-th receive, at the second test.
class Loop : public Endpoint {
 public:
  class LoopBatch final : public Batch {
   public:
    explicit LoopBatch(std::span<const Transfer> transfers)
        : transfers_(transfers.begin(), transfers.end()) {}
    void post() override { tests_ = 0; }
    bool test() override {
      if (++tests_ != 2) return tests_ > 2;
      std::vector<const Transfer*> sends, receives;
      for (const Transfer& t : transfers_) (t.kind == TransferKind::send ? sends : receives).push_back(&t);
      for (std::size_t i = 0; i < sends.size(); ++i)
        std::memcpy(receives[i]->data, sends[i]->data, sends[i]->bytes);
      return true;
    }

   private:
    std::vector<Transfer> transfers_;
    int tests_ = 0;
  };
  int rank() const noexcept override { return 0; }
  int size() const noexcept override { return 1; }
  const Capabilities& capabilities() const noexcept override { return capabilities_; }
  std::unique_ptr<Memory> allocate(std::size_t) override { return nullptr; }
  std::unique_ptr<Memory> adopt(std::byte*, std::size_t) override { return nullptr; }
  std::unique_ptr<Batch> prepare(std::span<const Transfer> transfers) override {
    return std::make_unique<LoopBatch>(transfers);
  }
  void close(Deadline) override {}

 private:
  Capabilities capabilities_;
};

struct Message {
  std::array<std::byte, 100> sent{}, received{};
  std::vector<Transfer> transfers(std::uint16_t tag) {
    Transfer send, receive;
    send.tag = receive.tag = tag;
    send.bytes = receive.bytes = sent.size();
    send.data = sent.data();
    receive.kind = TransferKind::receive;
    receive.data = received.data();
    return {send, receive};
  }
  [[nodiscard]] int wrong_bits() const {
    int bits = 0;
    for (std::size_t i = 0; i < sent.size(); ++i)
      bits += std::popcount(std::to_integer<unsigned>(sent[i] ^ received[i]));
    return bits;
  }
};

void run(Batch& batch) {
  batch.post();
  while (!batch.test()) {
  }
  EXPECT_TRUE(batch.test());
}

TEST(Faults, OneBitOfOneMessageIsFlipped) {
  const auto endpoint = wrap_with_faults(std::make_unique<Loop>(), parse_faults("flip:rank=0,after=2"));
  Message data, control;
  const auto data_batch = endpoint->prepare(data.transfers(5));
  const auto control_batch = endpoint->prepare(control.transfers(first_control_tag));
  for (int round = 0; round < 5; ++round) {
    run(*control_batch);
    EXPECT_EQ(control.wrong_bits(), 0);
    run(*data_batch);
    EXPECT_EQ(data.wrong_bits(), round == 2 ? 1 : 0) << round;
  }
}

TEST(Faults, OtherRanksAreLeftAlone) {
  auto endpoint = std::make_unique<Loop>();
  const Endpoint* const before = endpoint.get();
  EXPECT_EQ(wrap_with_faults(std::move(endpoint), parse_faults("kill:rank=1")).get(), before);
}

TEST(FaultsDeathTest, KillComesAtTheRightPost) {
  const auto posts = [](int count) {
    const auto endpoint = wrap_with_faults(std::make_unique<Loop>(), parse_faults("kill:rank=all,after=2"));
    Message data;
    const auto batch = endpoint->prepare(data.transfers(0));
    for (int i = 0; i < count; ++i) run(*batch);
    std::exit(7);
  };
  EXPECT_EXIT(posts(2), testing::ExitedWithCode(7), "");
  EXPECT_EXIT(posts(3), testing::KilledBySignal(SIGKILL), "");
}

TEST(Faults, SpansAreKept) {
  constexpr std::int64_t least_ns = 3'000'000;
  for (const char* spec :
       {"delay:rank=0,ns=3000000", "pause:rank=0,ms=3", "slow:rank=0,bytes_per_second=66000"}) {
    SCOPED_TRACE(spec);
    const auto endpoint = wrap_with_faults(std::make_unique<Loop>(), parse_faults(spec));
    Message data;
    const auto batch = endpoint->prepare(data.transfers(0));
    const std::int64_t begin_ns = now_ns();
    run(*batch);
    EXPECT_GE(now_ns() - begin_ns, least_ns);
    EXPECT_EQ(data.wrong_bits(), 0);
  }
}

// Completes so long after its post, or when it is tested first after that.
class TimedBatch final : public Batch {
 public:
  TimedBatch(std::int64_t span_ns, std::int64_t& took_ns) : span_ns_(span_ns), took_ns_(took_ns) {}
  void post() override { posted_ns_ = now_ns(); }
  bool test() override {
    const std::int64_t gone_ns = now_ns() - posted_ns_;
    if (gone_ns < span_ns_) return false;
    if (took_ns_ == 0) took_ns_ = gone_ns;
    return true;
  }

 private:
  std::int64_t span_ns_;
  std::int64_t& took_ns_;
  std::int64_t posted_ns_ = 0;
};

class TimedEndpoint final : public Loop {
 public:
  explicit TimedEndpoint(std::int64_t& took_ns) : took_ns_(took_ns) {}
  std::unique_ptr<Batch> prepare(std::span<const Transfer>) override {
    return std::make_unique<TimedBatch>(4'000'000, took_ns_);
  }
  void block(std::chrono::microseconds) override { ADD_FAILURE() << "slept through a withheld end"; }

 private:
  std::int64_t& took_ns_;
};

// A post that took 4 ms and is stretched by half takes 6 ms; waiting asleep ends no later than waiting awake.
TEST(Faults, AStretchIsAShareOfWhatThePostTook) {
  std::int64_t took_ns = 0;
  const auto endpoint =
      wrap_with_faults(std::make_unique<TimedEndpoint>(took_ns), parse_faults("stretch:rank=0,percent=50"));
  Message data;
  const auto batch = endpoint->prepare(data.transfers(0));
  const std::int64_t begin_ns = now_ns();
  batch->post();
  while (took_ns == 0) EXPECT_FALSE(batch->test());
  while (!batch->test()) endpoint->block(std::chrono::milliseconds(5));
  EXPECT_GE(now_ns() - begin_ns, took_ns + took_ns / 2);
}

TEST(Trace, CountsByPeer) {
  Tally tally;
  const auto endpoint = wrap_with_trace(std::make_unique<Loop>(), tally);
  Message data;
  const auto batch = endpoint->prepare(data.transfers(1));
  for (int i = 0; i < 3; ++i) run(*batch);
  ASSERT_EQ(tally.peers.size(), 1U);
  EXPECT_EQ(tally.posts, 3U);
  EXPECT_EQ(tally.idle_tests, 3U);
  EXPECT_EQ(tally.peers[0].sends, 3U);
  EXPECT_EQ(tally.peers[0].sent_bytes, 300U);
  EXPECT_EQ(tally.peers[0].receives, 3U);
  EXPECT_EQ(tally.peers[0].received_bytes, 300U);
  EXPECT_EQ(tally.peers[0].waits, 3U);
  EXPECT_EQ(data.wrong_bits(), 0);
}

}  // namespace
}  // namespace podbench
