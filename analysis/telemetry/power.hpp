// What nodes draw, from energy counters and power gauges. Thread-safety: pure. Units: W; nanoseconds.
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/telemetry/view.hpp"

namespace podbench {

// Mean power from `from` to `to`.
struct PowerStep {
  std::int64_t from_ns = 0, to_ns = 0;
  double watts = 0;
};

// Of processors, their memory and accelerators, over steps of a second and more (or all there is). Empty
// where the node reports none.
[[nodiscard]] std::vector<PowerStep> power_of(const NodeTelemetry& node);

}  // namespace podbench
