#include "bench/start_policy.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace podbench {
namespace {

constexpr std::int64_t align_every_ns = 1'000'000'000, align_share = 20;
// So many times as far ahead as an announcement is under way, up to so many times that.
constexpr std::int64_t announcements_ahead = 3, most_growth = 32;
constexpr std::int64_t farthest_ns = CommonStart::farthest_start_ns / 2;
constexpr std::int64_t tolerated_share = 100, tolerated_floor_ns = 150;
constexpr std::uint64_t late_share = 20;

}  // namespace

void StartPolicy::aligned(std::span<const StartQuality> by_rank, std::int64_t begin_ns, std::int64_t end_ns) {
  std::int64_t announced_ns = 0;
  clock_error_ns_ = 0;
  for (const StartQuality& quality : by_rank) {
    clock_error_ns_ = std::max(clock_error_ns_, quality.clock_error_ns);
    announced_ns = std::max(announced_ns, quality.announced_ns);
  }
  least_slack_ns_ =
      std::min(announcements_ahead * std::min(announced_ns, farthest_ns) + tolerated_floor_ns, farthest_ns);
  most_slack_ns_ = std::min(most_growth * least_slack_ns_, farthest_ns);
  slack_ns_ = std::clamp(slack_ns_, least_slack_ns_, most_slack_ns_);
  next_alignment_ns_ = end_ns + std::max(align_every_ns, align_share * (end_ns - begin_ns));
}

void StartPolicy::tolerate_for(std::int64_t operation_ns) noexcept {
  tolerance_ns_ = std::max({operation_ns / tolerated_share, tolerated_floor_ns,
                            static_cast<std::int64_t>(std::ceil(clock_error_ns_))});
}

void StartPolicy::tolerate_all() noexcept {
  tolerance_ns_ = std::numeric_limits<std::int64_t>::max();
}

void StartPolicy::adapt(std::uint64_t rounds, std::uint64_t late) noexcept {
  if (late_share * late > rounds)
    slack_ns_ = std::min(2 * slack_ns_, most_slack_ns_);
  else if (late == 0)
    slack_ns_ = std::max(slack_ns_ - slack_ns_ / 8, least_slack_ns_);
}

}  // namespace podbench
