// Messages of a rank to itself: matched like all others, moved by memcpy. A send waits for its receive.
// Thread-safety: one thread. Errors: RunError for a message longer than its receive.
#pragma once

#include <deque>

#include "transports/tcp/operation.hpp"

namespace podbench::tcp {

class SelfLink {
 public:
  // The counter of a tag; it stays where it is.
  [[nodiscard]] TagCounter& counter(std::uint16_t tag);
  void post(Operation& operation);

 private:
  std::deque<TagCounter> counters_;
  OperationList sends_, receives_;
};

}  // namespace podbench::tcp
