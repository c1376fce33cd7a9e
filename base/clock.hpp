// The one clock of the program and deadlines on it. All times are integer nanoseconds.
// Thread-safety: free functions and values; safe everywhere.
#pragma once

#include <time.h>

#include <chrono>
#include <cstdint>

namespace podbench {

// Nanoseconds of CLOCK_MONOTONIC: never steps, slewed by NTP; its zero is the host's boot.
inline std::int64_t now_ns() noexcept {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<std::int64_t>(t.tv_sec) * 1'000'000'000 + t.tv_nsec;
}

// A moment after which waiting is given up. Copyable; never infinite.
class Deadline {
 public:
  static Deadline after(std::chrono::nanoseconds span) noexcept { return Deadline(now_ns() + span.count()); }
  [[nodiscard]] bool passed() const noexcept { return now_ns() >= at_ns_; }
  // What is left, at least 0.
  [[nodiscard]] std::chrono::nanoseconds left() const noexcept {
    const std::int64_t left = at_ns_ - now_ns();
    return std::chrono::nanoseconds(left > 0 ? left : 0);
  }

 private:
  explicit Deadline(std::int64_t at_ns) noexcept : at_ns_(at_ns) {}
  std::int64_t at_ns_;
};

}  // namespace podbench
