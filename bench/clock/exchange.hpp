// Exchanges of clock readings with one peer over a transport, and handing a fitted model on.
//
// Thread-safety: one thread, the endpoint's. Errors: StalledError where the peer does not answer within the
// waiter's patience, RunError for an answer to another question. Lifetime: the endpoint outlives it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/clock.hpp"
#include "bench/clock/model.hpp"
#include "transports/transport.hpp"
#include "transports/wait.hpp"

namespace podbench {

// This rank's clock. A test gives it an error of its own, so that ranks on one host have clocks that differ.
class LocalClock {
 public:
  LocalClock() = default;
  LocalClock(std::int64_t offset_ns, double drift)
      : offset_ns_(offset_ns), drift_(drift), since_ns_(now_ns()) {}
  [[nodiscard]] std::int64_t now() const noexcept { return at(now_ns()); }
  // What it shows when CLOCK_MONOTONIC shows `monotonic_ns`.
  [[nodiscard]] std::int64_t at(std::int64_t monotonic_ns) const noexcept {
    if (drift_ == 0) return monotonic_ns + offset_ns_;
    return monotonic_ns + offset_ns_ +
           static_cast<std::int64_t>(drift_ * static_cast<double>(monotonic_ns - since_ns_));
  }

 private:
  std::int64_t offset_ns_ = 0;
  double drift_ = 0;
  std::int64_t since_ns_ = 0;
};

class ClockChannel {
 public:
  // Tags of the control range (from 16000), apart from those that bench/control.hpp uses.
  static constexpr std::uint16_t reading_tag = 16'010, fit_tag = 16'011;

  ClockChannel(Endpoint& endpoint, const Waiter& waiter, int peer, LocalClock clock);

  // `count` questions of 16 bytes, one at a time. The peer is in answer() until it is told that no more come.
  [[nodiscard]] std::vector<ClockExchange> ask(int count);
  void ask_no_more();
  void answer();

  void send_fit(const ClockFit& fit);
  [[nodiscard]] ClockFit receive_fit();

 private:
  void wait(Batch& batch);

  Endpoint& endpoint_;
  Waiter waiter_;
  int peer_;
  LocalClock clock_;
  std::uint64_t sequence_ = 0;
  std::unique_ptr<Memory> memory_;
  std::unique_ptr<Batch> send_reading_, receive_reading_, send_fit_, receive_fit_;
};

}  // namespace podbench
