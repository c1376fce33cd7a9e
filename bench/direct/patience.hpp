// How a rank waits for a counter of a peer.
//
// A short operation needs nothing but looks at the counter. Then the rank spins while it has a core of its
// own, and yields where ranks share cores; later it lets the endpoint look whether the peer still lives, and
// sleeps a little between looks. Thread-safety: one thread, the endpoint's. Errors: StalledError when the
// waiter's patience ends, LostPeer where the endpoint finds that the peer is gone.
#pragma once

#include <chrono>
#include <memory>

#include "transports/transport.hpp"
#include "transports/wait.hpp"

namespace podbench::direct {

class Patience {
 public:
  Patience(Endpoint& endpoint, const Waiter& waiter) : endpoint_(endpoint), waiter_(waiter) {}

  // Looks between two calls of pause().
  [[nodiscard]] int looks() const noexcept { return waiter_.crowded() ? looks_crowded : looks_alone; }

  // One wait: begin() when the first looks were in vain, then pause() until it is over.
  void begin(int peer);
  void pause();
  void end() noexcept { watch_.reset(); }

 private:
  static constexpr int looks_alone = 4'096, looks_crowded = 4;
  void watch();

  Endpoint& endpoint_;
  const Waiter& waiter_;
  int peer_ = 0;
  std::chrono::steady_clock::time_point began_{};
  // A receive that no send will meet: by it the endpoint knows for whom this rank waits.
  std::unique_ptr<Batch> watch_;
  std::byte never_received_{};
  std::unique_ptr<Memory> memory_;
};

}  // namespace podbench::direct
