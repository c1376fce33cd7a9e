#include "transports/wrap/node_rendezvous.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <thread>

namespace podbench {
namespace {

// Rank 3 of six on two nodes, odd and even, which notes what it is told.
class Recorder final : public Rendezvous {
 public:
  int rank() const noexcept override { return 3; }
  int size() const noexcept override { return 6; }
  void publish(std::string_view key, std::span<const std::byte>) override { published.emplace_back(key); }
  void fence(Deadline deadline) override {
    while (opens_by != nullptr && !*opens_by && !deadline.passed()) std::this_thread::yield();
  }
  Blob lookup(int rank, std::string_view key, Deadline) override {
    looked_up.emplace_back(rank, key);
    return {};
  }
  const std::string& host(int rank) const override { return hosts[static_cast<std::size_t>(rank % 2)]; }
  int node(int rank) const override { return rank % 2; }
  const std::string& address() const noexcept override { return hosts[0]; }
  const std::string& launch_id() const noexcept override { return id; }
  [[noreturn]] void abort(int, std::string_view) noexcept override { std::abort(); }
  [[noreturn]] void report_stall(std::span<const int>, std::string_view) noexcept override { std::abort(); }

  std::vector<std::string> published, hosts{"even", "odd"};
  std::vector<std::pair<int, std::string>> looked_up;
  std::string id = "0123456789abcdef0123456789abcdef";
  const std::atomic<bool>* opens_by = nullptr;
};

TEST(NodeRendezvous, NumbersTheRanksOfTheNodeAnew) {
  Recorder whole;
  NodeRendezvous node(whole, ranks_of_own_node(whole));
  EXPECT_EQ(node.members(), (std::vector{1, 3, 5}));
  EXPECT_EQ(node.rank(), 1);
  EXPECT_EQ(node.size(), 3);
  EXPECT_EQ(node.host(2), "odd");
  EXPECT_EQ(node.node(0), node.node(2));
  (void)node.lookup(2, "shm/0", Deadline::after(std::chrono::seconds(1)));
  EXPECT_EQ(whole.looked_up, (std::vector<std::pair<int, std::string>>{{5, "node/shm/0"}}));
}

TEST(NodeRendezvous, KeysAndNamesAreNotThoseOfTheLaunch) {
  Recorder whole;
  NodeRendezvous node(whole, {1, 3, 5}), other(whole, {0, 3});
  node.publish("shm/0", {});
  EXPECT_EQ(whole.published, std::vector<std::string>{"node/shm/0"});
  EXPECT_EQ(node.launch_id().size(), whole.id.size());
  EXPECT_NE(node.launch_id(), whole.id);
  EXPECT_NE(node.launch_id(), other.launch_id());
}

TEST(NodeRendezvous, MakesProgressWhileAFenceWaits) {
  std::atomic<bool> looked = false;
  Recorder whole;
  whole.opens_by = &looked;
  NodeRendezvous node(whole, {3});
  node.while_waiting([&] { looked = true; });
  node.fence(Deadline::after(std::chrono::seconds(60)));
  EXPECT_TRUE(looked);
}

}  // namespace
}  // namespace podbench
