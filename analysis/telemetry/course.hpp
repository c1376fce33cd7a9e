// How a gauge went in the course of a run: its first third against its last. Internal to analysis/telemetry.
// Thread-safety: pure.
#pragma once

#include <optional>

#include "analysis/telemetry/view.hpp"

namespace podbench {

struct Course {
  double first = 0, last = 0;  // medians of the thirds
  bool apart = false;          // no value of the one third is beyond any of the other
  std::int64_t from_ns = 0, to_ns = 0;
};

// By the node's moments that lie within cases; nothing where they are fewer than `least`.
[[nodiscard]] std::optional<Course> course_of(const NodeTelemetry& node, const TelemetrySeries& series,
                                              const CaseSpans& spans, std::size_t least);

}  // namespace podbench
