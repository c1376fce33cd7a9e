#include "transports/shm/sleep.hpp"

#include <linux/futex.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <ctime>

namespace podbench::shm {

static_assert(sizeof(std::atomic<std::uint32_t>) == sizeof(std::uint32_t), "the kernel reads the word");

bool register_for_fences() noexcept {
  return syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED, 0, 0) == 0;
}

void announce_sleep(std::atomic<std::uint32_t>& asleep, bool registered) noexcept {
  asleep.exchange(1, std::memory_order_acq_rel);
  if (registered) syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL_EXPEDITED, 0, 0);
}

void sleep_on(std::atomic<std::uint32_t>& asleep, std::chrono::microseconds span) noexcept {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(span);
  const timespec timeout{seconds.count(), std::chrono::nanoseconds(span - seconds).count()};
  syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&asleep), FUTEX_WAIT, 1, &timeout, nullptr, 0);
}

void wake(std::atomic<std::uint32_t>& asleep) noexcept {
  if (asleep.exchange(0) == 1)
    syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&asleep), FUTEX_WAKE, 1, nullptr, nullptr, 0);
}

}  // namespace podbench::shm
