#include "bench/clock/model.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace podbench {
namespace {

// The whole nanoseconds of a model's offset at a time, and the rest.
struct SplitOffset {
  std::int64_t whole_ns;
  double rest_ns;
};
SplitOffset offset_at(const ClockModel& model, std::int64_t own_ns) noexcept {
  const double moved = model.fraction_ns + model.drift * static_cast<double>(own_ns - model.origin_ns);
  const double whole = std::floor(moved);
  return {model.offset_ns + static_cast<std::int64_t>(whole), moved - whole};
}

double difference(const ClockModel& model, const OffsetPoint& point) noexcept {
  const SplitOffset offset = offset_at(model, point.at_ns);
  return static_cast<double>(point.offset_ns - offset.whole_ns) - offset.rest_ns;
}

// A point's error is some part of what its round trip took longer than the quickest one, plus what even the
// quickest hides; the weight is the inverse square.
double weight_of(const OffsetPoint& point, std::int64_t quickest_ns) noexcept {
  const double excess = static_cast<double>(point.round_trip_ns - quickest_ns);
  const double floor_ns = 1.0 + 0.02 * static_cast<double>(quickest_ns);
  return 1 / ((floor_ns + excess / 2) * (floor_ns + excess / 2));
}

// Weighted sums around a first point, so that numbers stay small.
struct Sums {
  double weight = 0, time = 0, offset = 0, time_time = 0, time_offset = 0;
  void add(double w, double t, double o) noexcept {
    weight += w;
    time += w * t;
    offset += w * o;
    time_time += w * t * t;
    time_offset += w * t * o;
  }
};

}  // namespace

OffsetPoint quickest(std::span<const ClockExchange> exchanges) noexcept {
  assert(!exchanges.empty());
  const ClockExchange& best = *std::min_element(
      exchanges.begin(), exchanges.end(), [](const ClockExchange& a, const ClockExchange& b) {
        return a.received_ns - a.sent_ns < b.received_ns - b.sent_ns;
      });
  const std::int64_t round_trip_ns = best.received_ns - best.sent_ns;
  const std::int64_t middle_ns = best.sent_ns + round_trip_ns / 2;
  return {middle_ns, best.answered_ns - middle_ns, round_trip_ns};
}

std::int64_t ClockModel::to_other(std::int64_t own_ns) const noexcept {
  const SplitOffset offset = offset_at(*this, own_ns);
  return own_ns + offset.whole_ns + (offset.rest_ns >= 0.5 ? 1 : 0);
}

std::int64_t ClockModel::to_own(std::int64_t other_ns) const noexcept {
  // other = origin + offset + fraction + (1 + drift) * (own - origin)
  const double since = static_cast<double>(other_ns - offset_ns - origin_ns) - fraction_ns;
  // The correction is small, so a double holds it exactly enough where the time itself would lose digits.
  return other_ns - offset_ns -
         static_cast<std::int64_t>(std::llround(fraction_ns + since * (drift / (1 + drift))));
}

ClockModel compose(const ClockModel& outer, const ClockModel& inner) noexcept {
  const SplitOffset own = offset_at(inner, inner.origin_ns);
  const SplitOffset beyond = offset_at(outer, inner.origin_ns + own.whole_ns);
  ClockModel both;
  both.origin_ns = inner.origin_ns;
  both.offset_ns = own.whole_ns + beyond.whole_ns;
  both.fraction_ns = own.rest_ns * (1 + outer.drift) + beyond.rest_ns;
  both.drift = inner.drift + outer.drift + inner.drift * outer.drift;
  return both;
}

ClockFit fit_clock(std::span<const OffsetPoint> points, std::int64_t least_span_ns) {
  assert(!points.empty());
  const auto [first, last] =
      std::minmax_element(points.begin(), points.end(),
                          [](const OffsetPoint& a, const OffsetPoint& b) { return a.at_ns < b.at_ns; });
  const std::int64_t quickest_ns =
      std::min_element(points.begin(), points.end(), [](const OffsetPoint& a, const OffsetPoint& b) {
        return a.round_trip_ns < b.round_trip_ns;
      })->round_trip_ns;

  Sums sums;
  for (const OffsetPoint& point : points)
    sums.add(weight_of(point, quickest_ns), static_cast<double>(point.at_ns - first->at_ns),
             static_cast<double>(point.offset_ns - first->offset_ns));
  const double mean_time = sums.time / sums.weight, mean_offset = sums.offset / sums.weight;
  const double spread = sums.time_time - sums.weight * mean_time * mean_time;
  const bool sloped = points.size() > 1 && last->at_ns - first->at_ns >= least_span_ns && spread > 0;
  const double slope = sloped ? (sums.time_offset - sums.weight * mean_time * mean_offset) / spread : 0;

  ClockFit fit;
  fit.model.origin_ns = first->at_ns;
  fit.model.offset_ns = first->offset_ns;
  fit.model.drift = std::fabs(slope) <= largest_drift ? slope : 0;
  fit.model.fraction_ns = mean_offset - fit.model.drift * mean_time;
  fit.residual_ns = residual_of(fit.model, points);
  fit.bound_ns = static_cast<double>(quickest_ns) / 2;
  return fit;
}

double residual_of(const ClockModel& model, std::span<const OffsetPoint> points) {
  if (points.empty()) return 0;
  std::vector<double> distances;
  distances.reserve(points.size());
  for (const OffsetPoint& point : points) distances.push_back(std::fabs(difference(model, point)));
  const std::size_t rank = (distances.size() * 95 + 99) / 100 - 1;  // the smallest that covers 95%
  std::nth_element(distances.begin(), distances.begin() + static_cast<std::ptrdiff_t>(rank), distances.end());
  return distances[rank];
}

}  // namespace podbench
