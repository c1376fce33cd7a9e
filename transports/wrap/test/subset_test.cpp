#include "transports/wrap/subset.hpp"

#include <gtest/gtest.h>

#include <array>

namespace podbench {
namespace {

// Rank 5 of eight, which notes whom it is asked to talk to.
class Recorder : public Endpoint {
 public:
  explicit Recorder(std::vector<int>& peers) : peers_(peers) {}
  int rank() const noexcept override { return 5; }
  int size() const noexcept override { return 8; }
  const Capabilities& capabilities() const noexcept override { return capabilities_; }
  std::unique_ptr<Memory> allocate(std::size_t) override { return nullptr; }
  std::unique_ptr<Memory> adopt(std::byte*, std::size_t) override { return nullptr; }
  std::unique_ptr<RemoteMemory> attach(int peer, std::span<const std::byte>) override {
    peers_.push_back(peer);
    return nullptr;
  }
  std::unique_ptr<Batch> prepare(std::span<const Transfer> transfers) override {
    for (const Transfer& transfer : transfers) peers_.push_back(transfer.peer);
    return nullptr;
  }
  NativeCollectives* native() noexcept override { return &collectives_; }
  void close(Deadline) override { peers_.push_back(-1); }

 private:
  std::vector<int>& peers_;
  Capabilities capabilities_;
  class None final : public NativeCollectives {
    bool supports(Collective, DataType, Op) const noexcept override { return false; }
    std::unique_ptr<Batch> prepare(const NativeCall&) override { return nullptr; }
  } collectives_;
};

TEST(Subset, MembersAreNumberedAnew) {
  std::vector<int> peers;
  const auto part = subset_of(std::make_unique<Recorder>(peers), {2, 5, 7});
  EXPECT_EQ(part->rank(), 1);
  EXPECT_EQ(part->size(), 3);
  std::array<Transfer, 3> transfers{};
  for (int peer = 0; peer < 3; ++peer) transfers[static_cast<std::size_t>(peer)].peer = peer;
  (void)part->prepare(transfers);
  (void)part->attach(2, {});
  part->close(Deadline::after(std::chrono::seconds(1)));
  EXPECT_EQ(peers, (std::vector{2, 5, 7, 7, -1}));
  EXPECT_EQ(transfers[0].peer, 0);  // the caller's own stay as they are
}

TEST(Subset, HasNoCollectivesOfTheWhole) {
  std::vector<int> peers;
  EXPECT_EQ(subset_of(std::make_unique<Recorder>(peers), {5})->native(), nullptr);
}

}  // namespace
}  // namespace podbench
