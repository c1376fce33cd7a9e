#include "transports/cores.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include <exception>
#include <map>

namespace podbench {
namespace {

// Rank 0 of two, whose peer's mask the test chooses.
class PairRendezvous final : public Rendezvous {
 public:
  PairRendezvous(Blob peers_mask, bool same_node)
      : values_{{1, std::move(peers_mask)}}, same_node_(same_node) {}
  int rank() const noexcept override { return 0; }
  int size() const noexcept override { return 2; }
  void publish(std::string_view, std::span<const std::byte> value) override {
    values_[0].assign(value.begin(), value.end());
  }
  void fence(Deadline) override {}
  Blob lookup(int rank, std::string_view, Deadline) override { return values_.at(rank); }
  const std::string& host(int) const override { return text_; }
  int node(int rank) const override { return same_node_ ? 0 : rank; }
  const std::string& address() const noexcept override { return text_; }
  const std::string& launch_id() const noexcept override { return text_; }
  void abort(int, std::string_view) noexcept override { std::terminate(); }
  void report_stall(std::span<const int>, std::string_view) noexcept override { std::terminate(); }

 private:
  std::map<int, Blob> values_;
  bool same_node_;
  std::string text_;
};

// Binds the thread to its first CPU while it lives, as a launcher does with a rank.
class Bound {
 public:
  Bound() {
    sched_getaffinity(0, sizeof before_, &before_);
    while (!CPU_ISSET(cpu_, &before_)) ++cpu_;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpu_, &one);
    EXPECT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  }
  ~Bound() { sched_setaffinity(0, sizeof before_, &before_); }
  Bound(const Bound&) = delete;
  Bound& operator=(const Bound&) = delete;
  [[nodiscard]] int cpu() const noexcept { return cpu_; }

 private:
  cpu_set_t before_;
  int cpu_ = 0;
};

Blob mask_of(int cpu) {
  Blob mask(static_cast<std::size_t>(cpu / 8 + 1));
  mask.back() = std::byte{1} << cpu % 8;
  return mask;
}

int cores_with(const Blob& peers_mask, bool same_node) {
  PairRendezvous rendezvous(peers_mask, same_node);
  return cores_of_node(rendezvous, Deadline::after(std::chrono::seconds(1)));
}

TEST(Cores, AreWithinWhatTheMachineHas) {
  EXPECT_GE(usable_cores(), 1);
  EXPECT_LE(usable_cores(), sysconf(_SC_NPROCESSORS_CONF));
}

TEST(Cores, OfANodeAreThoseOfAllItsRanks) {
  const int unbound = usable_cores();
  const Bound bound;
  EXPECT_EQ(cores_with(mask_of(bound.cpu()), true), 1);
  EXPECT_EQ(cores_with(mask_of(bound.cpu() + 1), true), std::min(unbound, 2));
  EXPECT_EQ(cores_with(mask_of(bound.cpu() + 1), false), 1) << "a rank elsewhere brings no core";
  EXPECT_EQ(cores_with({}, true), 1);
}

}  // namespace
}  // namespace podbench
