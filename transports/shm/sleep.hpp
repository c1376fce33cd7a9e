// How a rank sleeps until a peer has written something for it.
//
// The sleeper sets `asleep` and then looks once more whether something has come; a writer writes and then
// looks at `asleep`. One of the two must see the other's store, which needs a full fence between store and
// load on both sides. A writer's would cost more than the whole message, so the sleeper pays for both: its
// membarrier() makes every core on which a registered process runs pass a full fence. Where the kernel has no
// such call, writers fence after all.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace podbench::shm {

// Registers this process; false where the kernel cannot do it.
[[nodiscard]] bool register_for_fences() noexcept;

// After setting `asleep`, before looking again.
void fence_everybody(bool registered) noexcept;

// Sleeps while `asleep` is 1, at most `span`.
void sleep_on(std::atomic<std::uint32_t>& asleep, std::chrono::microseconds span) noexcept;

// Wakes whoever sleeps. Only called where `asleep` was seen to be 1.
void wake(std::atomic<std::uint32_t>& asleep) noexcept;

}  // namespace podbench::shm
