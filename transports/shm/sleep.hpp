// How a rank sleeps until a peer has written something for it.
//
// The sleeper sets `asleep` and then looks once more whether something has come; a writer writes and then
// looks at `asleep`. One of the two must see what the other stored. A writer that reads `asleep` by an atomic
// exchange ensures it: whichever exchange comes second sees all that was before the first. But that would
// cost a writer more than its whole message, so the sleeper pays for both: its membarrier() makes every core
// on which a registered process runs pass a full fence, and writers need no more than a plain load. Where the
// kernel has no such call, they exchange after all.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace podbench::shm {

// Registers this process; false where the kernel cannot do it.
[[nodiscard]] bool register_for_fences() noexcept;

// Sets `asleep`; afterwards the caller looks again whether something has come.
void announce_sleep(std::atomic<std::uint32_t>& asleep, bool registered) noexcept;

// Sleeps while `asleep` is 1, at most `span`.
void sleep_on(std::atomic<std::uint32_t>& asleep, std::chrono::microseconds span) noexcept;

void wake(std::atomic<std::uint32_t>& asleep) noexcept;

// After a write for whoever may sleep there.
inline void wake_if_asleep(std::atomic<std::uint32_t>& asleep, bool registered) noexcept {
  std::atomic_signal_fence(std::memory_order_seq_cst);  // the compiler keeps the order, membarrier() the core
  const std::uint32_t seen =
      registered ? asleep.load(std::memory_order_relaxed) : asleep.fetch_or(0, std::memory_order_acq_rel);
  if (seen != 0) wake(asleep);
}

}  // namespace podbench::shm
