// The descriptors of an endpoint in one epoll set, edge-triggered, each with the object that serves it.
// Thread-safety: one thread. Errors: RunError.
#pragma once

#include <chrono>
#include <cstdint>

#include "transports/tcp/socket.hpp"

namespace podbench::tcp {

// Serves a descriptor. It is not destroyed while Poller::dispatch runs.
class EventTarget {
 public:
  // `events` as epoll gives them.
  virtual void on_events(std::uint32_t events) = 0;

 protected:
  ~EventTarget() = default;
};

class Poller {
 public:
  Poller();
  // Both directions, and the peer's shutdown.
  void add(int descriptor, EventTarget& target);
  // Gives a descriptor to another target; what is pending on it is reported again.
  void hand_over(int descriptor, EventTarget& target);
  // Serves what has happened, at most one round; waits for it up to `span`.
  void dispatch(std::chrono::microseconds span = std::chrono::microseconds(0));

 private:
  void control(int operation, int descriptor, EventTarget& target);
  Descriptor epoll_;
};

}  // namespace podbench::tcp
