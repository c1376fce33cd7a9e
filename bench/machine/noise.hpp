// The machine's own noise: a fixed amount of work is done again and again, and whatever a repetition takes
// longer than the quickest one was taken away by something else (interrupts, other processes, the hypervisor,
// a slower clock). Fixed-work quantum test after Sottile & Minnich, "Analysis of microbenchmarks for
// performance tuning of clusters" (CLUSTER 2004).
// Thread-safety: pure but for the time it takes. Units: nanoseconds.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>

namespace podbench {

// Where more than this is missing from each second, the machine spoils numbers: a collective waits for its
// slowest rank, so that a hundredth of every core is felt by all.
inline constexpr double tolerable_noise_ns_per_second = 10e6;

struct NoiseReport {
  std::int64_t quantum_ns = 0;               // the quickest repetition
  std::uint64_t quanta = 0;                  // repetitions
  double missing_ns_per_second = 0;          // time taken away, per second of wall time
  std::int64_t largest_interruption_ns = 0;  // the slowest repetition less the quickest
  double interruptions_per_second = 0;       // repetitions that took over half as long again
  [[nodiscard]] bool tolerable() const noexcept {
    return missing_ns_per_second <= tolerable_noise_ns_per_second;
  }
};

// From the time of each repetition, in the order taken.
[[nodiscard]] NoiseReport summarise_noise(std::span<const std::int64_t> quantum_times_ns);

// Works for `span` (between 1 ms and 10 s) on the calling thread's CPU, in quanta of about 20 us.
[[nodiscard]] NoiseReport measure_noise(std::chrono::nanoseconds span = std::chrono::milliseconds(100));

}  // namespace podbench
