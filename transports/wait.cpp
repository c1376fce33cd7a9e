#include "transports/wait.hpp"

#include <sched.h>

#include <algorithm>

namespace podbench {
namespace {

// A short operation completes in the first phase, which costs nothing but its tests.
constexpr int pure_tests = 4'096, pure_tests_crowded = 32;
// Then the core is still ours for a while; but should it be shared after all, no whole time slice is burnt.
constexpr std::chrono::nanoseconds spin_span = std::chrono::milliseconds(1);
constexpr int spin_burst = 64;
// Yields let the ranks that share the core run; if none of them brings what is awaited, sleeping is better.
constexpr std::chrono::nanoseconds yield_span = std::chrono::milliseconds(50);
constexpr std::chrono::nanoseconds yield_span_crowded = std::chrono::microseconds(20);
// A blocked rank looks again this often: a transport notices a lost peer in test().
constexpr std::chrono::microseconds longest_sleep = std::chrono::milliseconds(5);

inline void pause_core() noexcept {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("isb" ::: "memory");
#endif
}

bool spin(Batch& batch, Deadline until) {
  do {
    for (int i = 0; i < spin_burst; ++i) {
      if (batch.test()) return true;
      pause_core();
    }
  } while (!until.passed());
  return false;
}

bool yield(Batch& batch, Deadline until) {
  do {
    if (batch.test()) return true;
    sched_yield();
  } while (!until.passed());
  return false;
}

}  // namespace

bool Waiter::wait(Batch& batch, Endpoint& endpoint) const {
  for (int i = crowded_ ? pure_tests_crowded : pure_tests; i > 0; --i)
    if (batch.test()) return true;

  const Deadline deadline = Deadline::after(patience_);
  const auto within = [&](std::chrono::nanoseconds span) {
    return Deadline::after(std::min(span, deadline.left()));
  };
  if (!crowded_ && spin(batch, within(spin_span))) return true;
  if (yield(batch, within(crowded_ ? yield_span_crowded : yield_span))) return true;
  while (!batch.test()) {
    const auto left = std::chrono::duration_cast<std::chrono::microseconds>(deadline.left());
    if (left.count() == 0) return batch.test();
    endpoint.block(std::min(left, longest_sleep));
  }
  return true;
}

void wait_for(Batch& batch, Endpoint& endpoint, const Waiter& waiter, std::span<const int> peers,
              const char* doing) {
  if (!waiter.wait(batch, endpoint)) throw StalledError({peers.begin(), peers.end()}, doing);
}

}  // namespace podbench
