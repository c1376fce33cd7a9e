// A run's telemetry as questions are asked of it: what a series said at a moment, which case was running.
// Thread-safety: constant after construction. Lifetime: the run outlives it. Units: nanoseconds on the axis
// of results/telemetry.hpp.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "results/record.hpp"

namespace podbench {

// The latest value read at or before the moment; NaN before the first.
[[nodiscard]] double value_at(const TelemetrySeries& series, std::int64_t at_ns);

// By how much a counter grew in (from, to]: a fall is a reset, behind which it counts from nothing. 0 where
// nothing was read.
[[nodiscard]] double growth(const TelemetrySeries& series, std::int64_t from_ns, std::int64_t to_ns);

// The cases of a run in time.
class CaseSpans {
 public:
  explicit CaseSpans(const Run& run);
  // Those that ran at some time in (from, to], in order; where a moment is in no case, the case that follows
  // it, whose beginning it belongs to.
  [[nodiscard]] std::vector<const CaseRecord*> within(std::int64_t from_ns, std::int64_t to_ns) const;
  [[nodiscard]] bool covers(std::int64_t at_ns) const;
  [[nodiscard]] const std::vector<const CaseRecord*>& all() const noexcept { return cases_; }

 private:
  std::vector<const CaseRecord*> cases_;  // those with known moments, by beginning
};

// One node's series and all moments at which any of them was read.
struct NodeTelemetry {
  std::vector<const TelemetrySeries*> series;
  std::vector<std::int64_t> moments_ns;
  // Null where the node has no such series.
  [[nodiscard]] const TelemetrySeries* find(std::string_view name) const;
};
[[nodiscard]] std::map<std::string, NodeTelemetry> telemetry_by_node(const Run& run);

// The moment that all times of a run are told from: its first point or case.
[[nodiscard]] std::int64_t telemetry_origin_ns(const Run& run);

}  // namespace podbench
