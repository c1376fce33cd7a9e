#include "bench/machine/noise.hpp"

#include <algorithm>
#include <cassert>
#include <vector>

#include "base/clock.hpp"

namespace podbench {
namespace {

constexpr std::int64_t wanted_quantum_ns = 20'000;

// A chain of dependent multiplications: its time is latency times length, and memory has no part in it.
std::uint64_t work(std::uint64_t links) noexcept {
  std::uint64_t x = links | 1;
  for (std::uint64_t i = 0; i < links; ++i) {
    x *= 0x9e3779b97f4a7c15u;
    asm volatile("" : "+r"(x));  // keeps the chain a chain
  }
  return x;
}

std::int64_t timed_work(std::uint64_t links) noexcept {
  const std::int64_t begin = now_ns();
  work(links);
  return now_ns() - begin;
}

// The number of links that takes about one quantum when nothing interrupts.
std::uint64_t calibrate() noexcept {
  constexpr std::uint64_t links = 20'000;
  std::int64_t quickest = timed_work(links);
  for (int i = 0; i < 20; ++i) quickest = std::min(quickest, timed_work(links));
  return std::max<std::uint64_t>(
      1, links * wanted_quantum_ns / static_cast<std::uint64_t>(std::max<std::int64_t>(quickest, 1)));
}

}  // namespace

NoiseReport summarise_noise(std::span<const std::int64_t> times) {
  NoiseReport report;
  report.quanta = times.size();
  if (times.empty()) return report;
  const auto [quickest, slowest] = std::minmax_element(times.begin(), times.end());
  report.quantum_ns = *quickest;
  report.largest_interruption_ns = *slowest - *quickest;
  std::int64_t total_ns = 0;
  std::uint64_t interrupted = 0;
  for (const std::int64_t time : times) {
    total_ns += time;
    if (time > *quickest + *quickest / 2) ++interrupted;
  }
  if (total_ns <= 0) return report;
  const double seconds = static_cast<double>(total_ns) * 1e-9;
  const std::int64_t needed_ns = *quickest * static_cast<std::int64_t>(times.size());
  report.missing_ns_per_second = static_cast<double>(total_ns - needed_ns) / seconds;
  report.interruptions_per_second = static_cast<double>(interrupted) / seconds;
  return report;
}

NoiseReport measure_noise(std::chrono::nanoseconds span) {
  assert(span >= std::chrono::milliseconds(1) && span <= std::chrono::seconds(10));
  const std::uint64_t links = calibrate();
  std::vector<std::int64_t> times;
  times.reserve(static_cast<std::size_t>(2 * span.count() / wanted_quantum_ns));
  for (const Deadline end = Deadline::after(span); !end.passed() && times.size() < times.capacity();)
    times.push_back(timed_work(links));
  return summarise_noise(times);
}

}  // namespace podbench
