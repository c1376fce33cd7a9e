// Where an axis has its ticks, and what they say. page/axis.js does the same for the charts that zoom.
// Thread-safety: pure.
#pragma once

#include <string>
#include <vector>

#include "analysis/report/page.hpp"

namespace podbench::report {

struct Range {
  double lo = 0, hi = 1;  // finite, lo < hi; above 0 on a logarithmic axis
};

// The range with a margin, so that no point lies on the frame. A single value gets room on both sides.
[[nodiscard]] Range with_margin(double least, double most, const Axis& axis);

// At most about `wanted` values inside the range: powers of two for bytes, 1-2-5 or decades for other
// logarithms, whole days and hours for dates.
[[nodiscard]] std::vector<double> ticks(Range range, const Axis& axis, int wanted);

// One text a tick, in one unit and with as many digits as tell neighbours apart.
[[nodiscard]] std::vector<std::string> tick_labels(const std::vector<double>& at, const Axis& axis);

}  // namespace podbench::report
