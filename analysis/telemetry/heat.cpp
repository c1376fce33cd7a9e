// Temperatures against what the device itself calls its limit, and their course.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analysis/telemetry/course.hpp"
#include "analysis/telemetry/findings.hpp"
#include "analysis/telemetry/words.hpp"

namespace podbench {
namespace {

void judge_limit(const TelemetrySeries& series, const TelemetryRules& rules, std::int64_t origin_ns,
                 std::vector<TelemetryFinding>& findings) {
  if (series.values.empty() || !(series.limit > 0)) return;
  const double least = series.limit - rules.limit_margin_c;
  TelemetryFinding finding{.concern = TelemetryConcern::heat, .node = series.node, .series = series.name};
  finding.amount = *std::max_element(series.values.begin(), series.values.end());
  if (finding.amount < least) return;
  finding.serious = finding.amount >= series.limit;
  const auto first =
      std::find_if(series.values.begin(), series.values.end(), [&](double value) { return value >= least; });
  const auto last = std::find_if(series.values.rbegin(), series.values.rend(),
                                 [&](double value) { return value >= least; });
  finding.from_ns = series.times_ns[static_cast<std::size_t>(first - series.values.begin())];
  finding.to_ns = series.times_ns[static_cast<std::size_t>(series.values.rend() - last) - 1];
  finding.words = fmt::format("{}: {}: {:.0f} C, {} its limit of {:.0f} C, {}", series.node, series.name,
                              finding.amount, finding.serious ? "at or over" : "near", series.limit,
                              span_in_words(finding.from_ns, finding.to_ns, origin_ns));
  findings.push_back(std::move(finding));
}

void judge_course(const NodeTelemetry& node, const TelemetrySeries& series, const CaseSpans& spans,
                  const TelemetryRules& rules, std::int64_t origin_ns,
                  std::vector<TelemetryFinding>& findings) {
  const auto course = course_of(node, series, spans, rules.least_moments);
  if (!course || !course->apart || course->last - course->first < rules.warming_c) return;
  findings.push_back({.concern = TelemetryConcern::heat,
                      .node = series.node,
                      .series = series.name,
                      .from_ns = course->from_ns,
                      .to_ns = course->to_ns,
                      .amount = course->last - course->first,
                      .words = fmt::format("{}: {}: warmed up from {:.0f} C to {:.0f} C, {}", series.node,
                                           series.name, course->first, course->last,
                                           span_in_words(course->from_ns, course->to_ns, origin_ns))});
}

}  // namespace

std::vector<TelemetryFinding> heat(const Run& run, const TelemetryRules& rules) {
  const CaseSpans spans(run);
  const std::int64_t origin_ns = telemetry_origin_ns(run);
  std::vector<TelemetryFinding> findings;
  for (const auto& [name, node] : telemetry_by_node(run)) {
    for (const TelemetrySeries* series : node.series) {
      if (series->kind != TelemetryKind::gauge || series->unit != "C") continue;
      judge_limit(*series, rules, origin_ns, findings);
      judge_course(node, *series, spans, rules, origin_ns, findings);
    }
  }
  return findings;
}

}  // namespace podbench
