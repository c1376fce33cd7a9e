// How a rank waits for a batch: spin while the cores allow it, then yield, then block in the endpoint, so
// that more ranks than cores still work; and never longer than its deadline. Thread-safety: one Waiter a
// thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "transports/transport.hpp"

namespace podbench {

// A wait was longer than it may be. `peers` are the ranks that it waited for, alive or not.
class StalledError : public RunError {
 public:
  StalledError(std::vector<int> peers, const std::string& doing)
      : RunError(doing), peers_(std::move(peers)) {}
  [[nodiscard]] const std::vector<int>& peers() const noexcept { return peers_; }

 private:
  std::vector<int> peers_;
};

class Waiter {
 public:
  // `crowded`: more ranks than cores on this node. With a core a rank it spins for long; without, hardly.
  Waiter(bool crowded, std::chrono::nanoseconds patience) : crowded_(crowded), patience_(patience) {}

  [[nodiscard]] bool crowded() const noexcept { return crowded_; }
  [[nodiscard]] std::chrono::nanoseconds patience() const noexcept { return patience_; }

  // Tests until the batch is complete; false where `patience` has passed without it.
  [[nodiscard]] bool wait(Batch& batch, Endpoint& endpoint) const;

 private:
  bool crowded_;
  std::chrono::nanoseconds patience_;
};

// Waits for a posted batch; StalledError naming `peers` when the waiter's patience ends.
void wait_for(Batch& batch, Endpoint& endpoint, const Waiter& waiter, std::span<const int> peers,
              const char* doing);

}  // namespace podbench
