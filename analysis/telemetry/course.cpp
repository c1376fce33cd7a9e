#include "analysis/telemetry/course.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/statistics.hpp"

namespace podbench {

std::optional<Course> course_of(const NodeTelemetry& node, const TelemetrySeries& series,
                                const CaseSpans& spans, std::size_t least) {
  if (series.times_ns.empty()) return std::nullopt;
  std::vector<std::int64_t> moments_ns;
  std::vector<double> values;
  for (const std::int64_t at_ns : node.moments_ns) {
    const double value = value_at(series, at_ns);
    if (at_ns > series.times_ns.back() || std::isnan(value) || !spans.covers(at_ns)) continue;
    moments_ns.push_back(at_ns);
    values.push_back(value);
  }
  const std::size_t third = values.size() / 3;
  if (values.size() < std::max<std::size_t>(least, 3)) return std::nullopt;
  std::vector<double> first(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(third));
  std::vector<double> last(values.end() - static_cast<std::ptrdiff_t>(third), values.end());
  std::sort(first.begin(), first.end());
  std::sort(last.begin(), last.end());
  return Course{quantile(first, 0.5), quantile(last, 0.5),
                first.back() < last.front() || last.back() < first.front(), moments_ns[third - 1],
                moments_ns[moments_ns.size() - third]};
}

}  // namespace podbench
