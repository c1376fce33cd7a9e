// When the clocks are related anew, how far ahead starts are announced, and how late behind one a rank may
// begin: what the engine decides about common starts (common_start.hpp does them).
// Thread-safety: values. Units: nanoseconds.
#pragma once

#include <cstdint>
#include <span>

#include "bench/common_start.hpp"

namespace podbench {

class StartPolicy {
 public:
  // Clocks are related every second, since their rates change with temperature, but at most a twentieth of
  // the time is spent on it.
  [[nodiscard]] bool alignment_due(std::int64_t now) const noexcept { return now >= next_alignment_ns_; }
  void aligned(std::span<const StartQuality> by_rank, std::int64_t begin_ns, std::int64_t end_ns);

  // A round in which a rank begins later than a hundredth of the operation after the start counts for
  // nothing; less than the clocks' error, or than a look at one, cannot be told.
  void tolerate_for(std::int64_t operation_ns) noexcept;
  void tolerate_all() noexcept;

  // `late` of `rounds` counted for nothing: starts are announced farther ahead where those were over a
  // twentieth, and nearer again where there were none.
  void adapt(std::uint64_t rounds, std::uint64_t late) noexcept;

  [[nodiscard]] std::int64_t slack_ns() const noexcept { return slack_ns_; }
  [[nodiscard]] std::int64_t tolerance_ns() const noexcept { return tolerance_ns_; }
  [[nodiscard]] double clock_error_ns() const noexcept { return clock_error_ns_; }  // the worst rank's

 private:
  std::int64_t next_alignment_ns_ = 0;
  std::int64_t slack_ns_ = 0, least_slack_ns_ = 0, most_slack_ns_ = 0, tolerance_ns_ = 0;
  double clock_error_ns_ = 0;
};

}  // namespace podbench
