#include "bench/direct/patience.hpp"

#include <sched.h>

#include "bench/executor.hpp"
#include "transports/wrap/fault.hpp"

namespace podbench::direct {
namespace {

constexpr std::uint16_t watch_tag = first_control_tag + 3;
constexpr auto spin_span = std::chrono::milliseconds(1);
constexpr auto yield_span = std::chrono::milliseconds(20);
// Nobody wakes a rank that waits for a counter, so it looks again soon.
constexpr auto sleep_span = std::chrono::microseconds(100);

}  // namespace

void Patience::begin(int peer) {
  peer_ = peer;
  began_ = std::chrono::steady_clock::now();
}

void Patience::pause() {
  const auto waited = std::chrono::steady_clock::now() - began_;
  if (waited < spin_span && !waiter_.crowded()) return;
  if (waited < yield_span) {
    sched_yield();
    return;
  }
  if (!watch_) watch();
  const bool met = watch_->test();
  if (met || waited > waiter_.patience()) throw StalledError({peer_}, "waiting for a step of the schedule");
  endpoint_.block(sleep_span);
}

void Patience::watch() {
  if (!memory_) memory_ = endpoint_.adopt(&never_received_, 1);
  const Transfer receive{.kind = TransferKind::receive,
                         .tag = watch_tag,
                         .peer = peer_,
                         .data = &never_received_,
                         .bytes = 1,
                         .memory = memory_.get()};
  watch_ = endpoint_.prepare({&receive, 1});
  watch_->post();
}

}  // namespace podbench::direct
