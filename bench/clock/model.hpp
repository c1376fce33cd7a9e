// How one clock is seen from another: the arithmetic of clock synchronisation, without any communication.
//
// Two clocks that run at nearly constant rates are related by a straight line. Exchanges of messages give
// points of it: the quicker the round trip, the better the point, since the answer was read somewhere between
// sending and receiving. Points a while apart give the line's slope, the drift. Lines compose, so that a tree
// of pairs relates every clock to the root's (Cristian, "Probabilistic clock synchronization", 1989; Hunold &
// Carpen-Amarie, "Hierarchical Clock Synchronization in MPI", CLUSTER 2018).
//
// Thread-safety: pure values. Units: nanoseconds; drift is nanoseconds a nanosecond (20 ppm = 20e-6).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace podbench {

// One question and its answer: sent and received by the asker's clock, answered by the other's.
struct ClockExchange {
  std::int64_t sent_ns = 0;
  std::int64_t answered_ns = 0;
  std::int64_t received_ns = 0;
};

// The other clock was ahead by `offset_ns` when the asker's showed `at_ns`, give or take half the round trip.
struct OffsetPoint {
  std::int64_t at_ns = 0;
  std::int64_t offset_ns = 0;
  std::int64_t round_trip_ns = 0;
};

// The point of the quickest exchange. `exchanges` is not empty, and none was received before it was sent.
[[nodiscard]] OffsetPoint quickest(std::span<const ClockExchange> exchanges) noexcept;

// other(t) = t + offset + drift * (t - origin), by the asker's clock t.
struct ClockModel {
  std::int64_t origin_ns = 0;
  std::int64_t offset_ns = 0;
  double fraction_ns = 0;  // of the offset; a double alone would lose nanoseconds of a long-running clock
  double drift = 0;

  [[nodiscard]] std::int64_t to_other(std::int64_t own_ns) const noexcept;
  [[nodiscard]] std::int64_t to_own(std::int64_t other_ns) const noexcept;  // the inverse, to the nanosecond
};

// `outer` relates clock B to clock C, `inner` clock A to clock B; the result relates A to C.
[[nodiscard]] ClockModel compose(const ClockModel& outer, const ClockModel& inner) noexcept;

// A model and how far to trust it.
struct ClockFit {
  ClockModel model;
  double residual_ns = 0;  // 95% of the points lie nearer to the line than this
  double bound_ns = 0;     // half the quickest round trip: no asymmetry of the path can exceed it
};

// Two real clocks do not drift apart faster.
inline constexpr double largest_drift = 1e-3;

// Least squares over the points, those weighted most whose round trips are near the quickest. Points that are
// less than `least_span_ns` apart in all give no drift, only an offset: noise would pass for one. So do
// points that say a drift beyond the largest. At least one point.
[[nodiscard]] ClockFit fit_clock(std::span<const OffsetPoint> points, std::int64_t least_span_ns = 2'000'000);

// How far the model is from points that it was not fitted to: the 95% quantile of |difference|.
[[nodiscard]] double residual_of(const ClockModel& model, std::span<const OffsetPoint> points);

}  // namespace podbench
