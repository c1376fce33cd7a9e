#include "analysis/telemetry/view.hpp"

#include <algorithm>
#include <limits>

namespace podbench {

double value_at(const TelemetrySeries& series, std::int64_t at_ns) {
  const auto behind = std::upper_bound(series.times_ns.begin(), series.times_ns.end(), at_ns);
  if (behind == series.times_ns.begin()) return std::numeric_limits<double>::quiet_NaN();
  return series.values[static_cast<std::size_t>(behind - series.times_ns.begin()) - 1];
}

double growth(const TelemetrySeries& series, std::int64_t from_ns, std::int64_t to_ns) {
  const auto behind = std::upper_bound(series.times_ns.begin(), series.times_ns.end(), from_ns);
  auto at = static_cast<std::size_t>(behind - series.times_ns.begin());
  double grown = 0;
  for (at = std::max<std::size_t>(at, 1); at < series.times_ns.size() && series.times_ns[at] <= to_ns; ++at) {
    const double before = series.values[at - 1], now = series.values[at];
    grown += now < before ? now : now - before;
  }
  return grown;
}

CaseSpans::CaseSpans(const Run& run) {
  for (const CaseRecord& record : run.cases)
    if (record.started_ns > 0 && record.ended_ns >= record.started_ns) cases_.push_back(&record);
  std::sort(cases_.begin(), cases_.end(),
            [](const CaseRecord* a, const CaseRecord* b) { return a->started_ns < b->started_ns; });
}

std::vector<const CaseRecord*> CaseSpans::within(std::int64_t from_ns, std::int64_t to_ns) const {
  // Cases run one after the other, so that their ends ascend as well.
  auto at = std::partition_point(cases_.begin(), cases_.end(),
                                 [&](const CaseRecord* one) { return one->ended_ns <= from_ns; });
  std::vector<const CaseRecord*> found;
  const auto first = at;
  for (; at != cases_.end() && ((*at)->started_ns < to_ns || at == first); ++at) found.push_back(*at);
  return found;
}

bool CaseSpans::covers(std::int64_t at_ns) const {
  const auto at = std::partition_point(cases_.begin(), cases_.end(),
                                       [&](const CaseRecord* one) { return one->ended_ns < at_ns; });
  return at != cases_.end() && (*at)->started_ns <= at_ns;
}

const TelemetrySeries* NodeTelemetry::find(std::string_view name) const {
  for (const TelemetrySeries* one : series)
    if (one->name == name) return one;
  return nullptr;
}

std::map<std::string, NodeTelemetry> telemetry_by_node(const Run& run) {
  std::map<std::string, NodeTelemetry> nodes;
  for (const TelemetrySeries& series : run.telemetry) {
    NodeTelemetry& node = nodes[series.node];
    node.series.push_back(&series);
    node.moments_ns.insert(node.moments_ns.end(), series.times_ns.begin(), series.times_ns.end());
  }
  for (auto& [name, node] : nodes) {
    std::sort(node.moments_ns.begin(), node.moments_ns.end());
    node.moments_ns.erase(std::unique(node.moments_ns.begin(), node.moments_ns.end()), node.moments_ns.end());
  }
  return nodes;
}

std::int64_t telemetry_origin_ns(const Run& run) {
  std::int64_t origin_ns = std::numeric_limits<std::int64_t>::max();
  for (const TelemetrySeries& series : run.telemetry)
    if (!series.times_ns.empty()) origin_ns = std::min(origin_ns, series.times_ns.front());
  for (const CaseRecord& record : run.cases)
    if (record.started_ns > 0) origin_ns = std::min(origin_ns, record.started_ns);
  return origin_ns == std::numeric_limits<std::int64_t>::max() ? 0 : origin_ns;
}

}  // namespace podbench
