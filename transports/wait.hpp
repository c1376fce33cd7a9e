// How a rank waits for a batch: spin while the cores allow it, then yield, then block in the endpoint, so
// that more ranks than cores still work; and never longer than its deadline. Thread-safety: one Waiter a
// thread.
#pragma once

#include <chrono>
#include <cstdint>

#include "transports/transport.hpp"

namespace podbench {

class Waiter {
 public:
  // `ranks_on_node` against the cores this process may use decides how long to spin: with a core a rank, for
  // long; without, hardly at all.
  Waiter(int ranks_on_node, std::chrono::nanoseconds patience);

  // Tests until the batch is complete; false where `patience` has passed without it.
  [[nodiscard]] bool wait(Batch& batch, Endpoint& endpoint) const;

  [[nodiscard]] bool crowded() const noexcept { return crowded_; }  // more ranks than cores on this node

 private:
  bool crowded_;
  std::chrono::nanoseconds patience_;
};

}  // namespace podbench
