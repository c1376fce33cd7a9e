#include "transports/wait.hpp"

#include <gtest/gtest.h>

#include "base/clock.hpp"

namespace podbench {
namespace {

// Complete after so many tests, or never.
class CountedBatch final : public Batch {
 public:
  explicit CountedBatch(long tests) : left_(tests) {}
  void post() override {}
  bool test() override { return left_ >= 0 && --left_ < 0; }

 private:
  long left_;
};

class SleepyEndpoint final : public Endpoint {
 public:
  int rank() const noexcept override { return 0; }
  int size() const noexcept override { return 1; }
  const Capabilities& capabilities() const noexcept override { return capabilities_; }
  std::unique_ptr<Memory> allocate(std::size_t) override { return nullptr; }
  std::unique_ptr<Memory> adopt(std::byte*, std::size_t) override { return nullptr; }
  std::unique_ptr<Batch> prepare(std::span<const Transfer>) override { return nullptr; }
  void block(std::chrono::microseconds span) override {
    ++blocks;
    Endpoint::block(span);
  }
  void close(Deadline) override {}
  int blocks = 0;

 private:
  Capabilities capabilities_;
};

TEST(Waiter, ReturnsWhenTheBatchIsComplete) {
  for (const bool crowded : {false, true}) {
    const Waiter waiter(crowded, std::chrono::seconds(60));
    for (const long tests : {0L, 10L, 5'000L}) {
      SleepyEndpoint endpoint;
      CountedBatch batch(tests);
      EXPECT_TRUE(waiter.wait(batch, endpoint));
    }
  }
}

TEST(Waiter, GivesUpWhenItsPatienceIsOver) {
  for (const bool crowded : {false, true}) {
    const Waiter waiter(crowded, std::chrono::milliseconds(20));
    SleepyEndpoint endpoint;
    CountedBatch never(-1);
    const std::int64_t begin_ns = now_ns();
    EXPECT_FALSE(waiter.wait(never, endpoint));
    EXPECT_GE(now_ns() - begin_ns, 20'000'000);
  }
}

// Complete once the rank has slept.
class SleepersBatch final : public Batch {
 public:
  explicit SleepersBatch(const SleepyEndpoint& endpoint) : endpoint_(endpoint) {}
  void post() override {}
  bool test() override { return endpoint_.blocks > 0; }

 private:
  const SleepyEndpoint& endpoint_;
};

// Ranks that share cores must leave them to each other.
TEST(Waiter, ACrowdedRankSleeps) {
  const Waiter waiter(true, std::chrono::seconds(60));
  SleepyEndpoint endpoint;
  SleepersBatch batch(endpoint);
  EXPECT_TRUE(waiter.wait(batch, endpoint));
}

}  // namespace
}  // namespace podbench
