// Telemetry of a run as curves, a node each, over seconds since the run's first moment. Thread-safety: pure.
#pragma once

#include <functional>
#include <vector>

#include "analysis/report/page.hpp"
#include "results/record.hpp"

namespace podbench::report {

// The nodes with the largest values only, so many points each that a chart stays small.
inline constexpr std::size_t most_node_curves = 16, most_chart_points = 1'000;

// Bytes a second through all interfaces, received or sent, GB/s; each point is the mean since the one before.
[[nodiscard]] std::vector<Curve> traffic_curves(const Run& run, bool received);
// By how much counters of errors have grown since the beginning, all together.
[[nodiscard]] std::vector<Curve> error_curves(const Run& run);
// Power, W: mean since the point before.
[[nodiscard]] std::vector<Curve> power_curves(const Run& run);
// The hottest sensor, C: the highest since the point before.
[[nodiscard]] std::vector<Curve> heat_curves(const Run& run);
// The median core's clock and accelerators' slowest one, GHz: the lowest since the point before.
[[nodiscard]] std::vector<Curve> clock_curves(const Run& run);

}  // namespace podbench::report
