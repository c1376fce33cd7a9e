// Starts that all ranks share: rank 0 announces a moment of its clock, a little ahead, and every rank waits
// for it on its own. Behind a barrier alone ranks begin one after the other, and what some do while others
// still wait is in no rank's interval (T. Hoefler & R. Belli, "Scientific Benchmarking of Parallel Computing
// Systems", SC'15; S. Hunold & A. Carpen-Amarie, "Hierarchical Clock Synchronization in MPI", CLUSTER 2018).
//
// Thread-safety: one thread, the endpoint's. Units: nanoseconds. Errors: as Control and ClockSync; RunError
// where a start is announced that no rank can wait for. Lifetime: endpoint and control outlive it.
#pragma once

#include <span>

#include "bench/clock/sync.hpp"
#include "bench/control.hpp"

namespace podbench {

// How well starts can be shared at the moment, as one rank knows it.
struct StartQuality {
  double clock_error_ns = 0;      // ClockSync::residual_ns()
  std::int64_t announced_ns = 0;  // how long an announcement is under way to this rank, median
};

class CommonStart {
 public:
  // No rank waits longer than this for a start.
  static constexpr std::int64_t farthest_start_ns = 1'000'000'000;

  // clock_of_rank[r] is equal for ranks that read the same clock; `clock` is this rank's. `crowded`: more
  // ranks than cores, so that each lets the others have a turn while it waits.
  CommonStart(Endpoint& endpoint, Control& control, std::span<const int> clock_of_rank, LocalClock clock,
              bool crowded);

  // Collective: relates the clocks, at first thoroughly, later with some more points.
  [[nodiscard]] StartQuality align();

  // Collective: returns when this rank's clock shows the moment that rank 0 announces `slack_ns` ahead. By
  // this rank's own clock: the common start, and when this rank really went on.
  struct Moment {
    std::int64_t start_ns, entry_ns;
  };
  [[nodiscard]] Moment await(std::int64_t slack_ns);

  [[nodiscard]] std::int64_t now_ns() const noexcept { return sync_.clock().now(); }
  // What rank 0's clock showed when CLOCK_MONOTONIC showed this here, as the latest align() knows it, and how
  // far that may be off.
  [[nodiscard]] std::int64_t at_root_ns(std::int64_t monotonic_ns) const noexcept {
    return sync_.to_root(sync_.clock().at(monotonic_ns));
  }
  [[nodiscard]] double error_ns() const noexcept { return sync_.residual_ns(); }

 private:
  Control& control_;
  ClockSync sync_;
  bool crowded_;
  bool aligned_ = false;
};

}  // namespace podbench
