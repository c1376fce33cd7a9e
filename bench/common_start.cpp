#include "bench/common_start.hpp"

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include "analysis/statistics.hpp"
#include "base/error.hpp"

namespace podbench {
namespace {

constexpr int trial_announcements = 15;
// What is farther ahead is slept through but for its end: so long before the start a rank is awake again.
// Where ranks share cores, each must have had its turn by then.
constexpr std::int64_t awake_ns = 200'000, awake_crowded_ns = 2'000'000;

}  // namespace

CommonStart::CommonStart(Endpoint& endpoint, Control& control, std::span<const int> clock_of_rank,
                         LocalClock clock, bool crowded)
    : control_(control), sync_(endpoint, control.waiter(), clock_of_rank, {}, clock), crowded_(crowded) {}

StartQuality CommonStart::align() {
  aligned_ ? sync_.refresh() : sync_.synchronise();
  aligned_ = true;
  std::vector<std::uint64_t> under_way_ns;
  for (int i = 0; i < trial_announcements; ++i) {
    control_.barrier();
    const std::int64_t said_ns = control_.signal(now_ns());
    under_way_ns.push_back(
        static_cast<std::uint64_t>(std::max<std::int64_t>(sync_.to_root(now_ns()) - said_ns, 0)));
  }
  return {sync_.residual_ns(), static_cast<std::int64_t>(upper_median(under_way_ns))};
}

CommonStart::Moment CommonStart::await(std::int64_t slack_ns) {
  control_.barrier();
  const std::int64_t start_ns = sync_.to_own(control_.signal(now_ns() + slack_ns));
  std::int64_t entry_ns = now_ns();
  if (start_ns - entry_ns > farthest_start_ns)
    throw RunError("a start over a second ahead is announced: a clock has stepped, or rank 0 is broken");
  const std::int64_t asleep_ns = start_ns - entry_ns - (crowded_ ? awake_crowded_ns : awake_ns);
  if (asleep_ns > 0) std::this_thread::sleep_for(std::chrono::nanoseconds(asleep_ns));
  for (; entry_ns < start_ns; entry_ns = now_ns())
    if (crowded_) std::this_thread::yield();
  return {start_ns, entry_ns};
}

}  // namespace podbench
