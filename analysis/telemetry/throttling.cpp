// Clocks that fell, and devices that say why.
#include <fmt/format.h>

#include <array>
#include <cmath>

#include "analysis/telemetry/course.hpp"
#include "analysis/telemetry/findings.hpp"
#include "analysis/telemetry/words.hpp"

namespace podbench {
namespace {

// What the bits of NVML's throttle reasons say; others are choices of the driver or of a person.
struct Reason {
  std::uint64_t bit;
  const char* words;
  bool serious;
};
constexpr std::array<Reason, 5> reasons = {{{0x08, "hardware slowdown", true},
                                            {0x20, "too hot (driver)", true},
                                            {0x40, "too hot (hardware)", true},
                                            {0x80, "power brake", true},
                                            {0x04, "power cap", false}}};

struct Context {
  const TelemetryRules& rules;
  CaseSpans spans;
  std::int64_t origin_ns;
};

void judge_clock(const NodeTelemetry& node, const TelemetrySeries& series, const Context& context,
                 std::vector<TelemetryFinding>& findings) {
  const auto course = course_of(node, series, context.spans, context.rules.least_moments);
  if (!course || !course->apart || !(course->first > 0)) return;
  const double fall = 1 - course->last / course->first;
  if (fall < context.rules.clock_fall) return;
  findings.push_back(
      {.concern = TelemetryConcern::clock,
       .node = series.node,
       .series = series.name,
       .from_ns = course->from_ns,
       .to_ns = course->to_ns,
       .amount = fall,
       .serious = true,
       .words = fmt::format("{}: {}: fell by {:.0f}% from {:.0f} MHz to {:.0f} MHz, {}", series.node,
                            series.name, 100 * fall, course->first * 1e-6, course->last * 1e-6,
                            span_in_words(course->from_ns, course->to_ns, context.origin_ns))});
}

// A bit field of reasons: each that was set while a case ran.
void judge_reasons(const TelemetrySeries& series, const Context& context,
                   std::vector<TelemetryFinding>& findings) {
  for (const Reason& reason : reasons) {
    TelemetryFinding finding{.concern = TelemetryConcern::throttled,
                             .node = series.node,
                             .series = series.name,
                             .serious = reason.serious};
    std::size_t moments = 0;
    for (std::size_t i = 0; i < series.values.size(); ++i) {
      const double value = series.values[i];
      const bool set = value >= 0 && value < 0x1p63 && (static_cast<std::uint64_t>(value) & reason.bit) != 0;
      if (!set || !context.spans.covers(series.times_ns[i])) continue;
      if (moments++ == 0) finding.from_ns = series.times_ns[i];
      finding.to_ns = series.times_ns[i];
    }
    if (moments == 0) continue;
    finding.amount = static_cast<double>(reason.bit);
    finding.words = fmt::format("{}: {}: {}, {}{}", series.node, series.name, reason.words,
                                span_in_words(finding.from_ns, finding.to_ns, context.origin_ns),
                                cases_in_words(context.spans, finding.from_ns, finding.to_ns));
    findings.push_back(std::move(finding));
  }
}

}  // namespace

std::vector<TelemetryFinding> throttling(const Run& run, const TelemetryRules& rules) {
  const Context context{rules, CaseSpans(run), telemetry_origin_ns(run)};
  std::vector<TelemetryFinding> findings;
  for (const auto& [name, node] : telemetry_by_node(run)) {
    for (const TelemetrySeries* series : node.series) {
      if (series->kind != TelemetryKind::gauge) continue;
      // The slowest of many cores is often one that has nothing to do.
      if (series->unit == "Hz" && !series->name.ends_with("clock_min"))
        judge_clock(node, *series, context, findings);
      if (series->unit == "bits") judge_reasons(*series, context, findings);
    }
  }
  return findings;
}

}  // namespace podbench
