#include "analysis/report/run/telemetry_curves.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/telemetry/power.hpp"
#include "analysis/telemetry/view.hpp"

namespace podbench::report {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
using Moments = std::vector<std::int64_t>;
// What a node's curve shows of (from, to].
using Figure = std::function<double(const std::vector<const TelemetrySeries*>&, std::int64_t from_ns,
                                    std::int64_t to_ns)>;
using Chooser = std::function<bool(const TelemetrySeries&)>;

// At most `most` of the moments, the first and the last among them.
Moments thinned(const Moments& moments_ns, std::size_t most) {
  if (moments_ns.size() <= most) return moments_ns;
  Moments kept;
  for (std::size_t i = 0; i < most; ++i) kept.push_back(moments_ns[i * (moments_ns.size() - 1) / (most - 1)]);
  return kept;
}

bool flat(const Curve& curve) {
  return std::all_of(curve.y.begin(), curve.y.end(), [&](double y) { return y == curve.y.front(); });
}

double greatest(const Curve& curve) {
  double most = -std::numeric_limits<double>::infinity();
  for (const double y : curve.y) most = std::fmax(most, y);
  return most;
}

// The curves with the greatest values where there are many.
std::vector<Curve> largest(std::vector<Curve> curves) {
  std::stable_sort(curves.begin(), curves.end(),
                   [](const Curve& a, const Curve& b) { return greatest(a) > greatest(b); });
  if (curves.size() > most_node_curves) curves.resize(most_node_curves);
  std::sort(curves.begin(), curves.end(), [](const Curve& a, const Curve& b) { return a.label < b.label; });
  return curves;
}

std::size_t points_a_node(std::size_t nodes) {
  return std::clamp<std::size_t>(most_chart_points / std::max<std::size_t>(nodes, 1), 60, 200);
}

std::vector<Curve> curves_of(const Run& run, const Chooser& chosen, const Figure& figure) {
  const std::int64_t origin_ns = telemetry_origin_ns(run);
  const auto nodes = telemetry_by_node(run);
  std::vector<Curve> curves;
  for (const auto& [name, node] : nodes) {
    std::vector<const TelemetrySeries*> series;
    for (const TelemetrySeries* one : node.series)
      if (chosen(*one)) series.push_back(one);
    if (series.empty()) continue;
    Curve curve{.label = name, .x = {}, .y = {}};
    std::int64_t before_ns = 0;
    for (const std::int64_t at_ns : thinned(node.moments_ns, points_a_node(nodes.size()))) {
      const double value = figure(series, before_ns, at_ns);
      before_ns = at_ns;
      if (std::isnan(value)) continue;
      curve.x.push_back(static_cast<double>(at_ns - origin_ns) * 1e-9);
      curve.y.push_back(value);
    }
    if (!curve.y.empty()) curves.push_back(std::move(curve));
  }
  return largest(std::move(curves));
}

// The greatest or least value of the series within (from, to], the one that held at `from` aside.
double extreme(const TelemetrySeries& series, std::int64_t from_ns, std::int64_t to_ns, bool most) {
  double found = value_at(series, to_ns);
  auto at = std::upper_bound(series.times_ns.begin(), series.times_ns.end(), from_ns);
  for (; at != series.times_ns.end() && *at <= to_ns; ++at) {
    const double value = series.values[static_cast<std::size_t>(at - series.times_ns.begin())];
    found = most ? std::fmax(found, value) : std::fmin(found, value);
  }
  return found;
}

}  // namespace

std::vector<Curve> traffic_curves(const Run& run, bool received) {
  return curves_of(
      run,
      [&](const TelemetrySeries& series) {
        return series.unit == "B" && (series.name.ends_with(received ? ".rx_bytes" : ".tx_bytes") ||
                                      series.name.ends_with(received ? ".port_rcv_data" : ".port_xmit_data"));
      },
      [](const auto& series, std::int64_t from_ns, std::int64_t to_ns) {
        if (from_ns == 0) return nothing;
        double bytes = 0;
        for (const TelemetrySeries* one : series) bytes += growth(*one, from_ns, to_ns);
        return bytes / static_cast<double>(to_ns - from_ns);
      });
}

std::vector<Curve> error_curves(const Run& run) {
  std::vector<Curve> curves = curves_of(
      run, [](const TelemetrySeries& series) { return series.kind == TelemetryKind::errors; },
      [](const auto& series, std::int64_t, std::int64_t to_ns) {
        double grown = 0;
        for (const TelemetrySeries* one : series) grown += growth(*one, 0, to_ns);
        return grown;
      });
  std::erase_if(curves, flat);
  return curves;
}

std::vector<Curve> power_curves(const Run& run) {
  const std::int64_t origin_ns = telemetry_origin_ns(run);
  const auto nodes = telemetry_by_node(run);
  std::vector<Curve> curves;
  for (const auto& [name, node] : nodes) {
    const std::vector<PowerStep> steps = power_of(node);
    Curve curve{.label = name, .x = {}, .y = {}};
    const std::size_t each = steps.size() / points_a_node(nodes.size()) + 1;
    for (std::size_t i = 0; i < steps.size(); i += each) {
      double joules = 0, seconds = 0;
      for (std::size_t k = i; k < std::min(i + each, steps.size()); ++k) {
        const double took = static_cast<double>(steps[k].to_ns - steps[k].from_ns) * 1e-9;
        joules += steps[k].watts * took;
        seconds += took;
      }
      curve.x.push_back(static_cast<double>(steps[std::min(i + each, steps.size()) - 1].to_ns - origin_ns) *
                        1e-9);
      curve.y.push_back(joules / seconds);
    }
    if (!curve.y.empty()) curves.push_back(std::move(curve));
  }
  return largest(std::move(curves));
}

std::vector<Curve> heat_curves(const Run& run) {
  return curves_of(
      run,
      [](const TelemetrySeries& series) { return series.kind == TelemetryKind::gauge && series.unit == "C"; },
      [](const auto& series, std::int64_t from_ns, std::int64_t to_ns) {
        double hottest = nothing;
        for (const TelemetrySeries* one : series)
          hottest = std::fmax(hottest, extreme(*one, from_ns, to_ns, true));
        return hottest;
      });
}

std::vector<Curve> clock_curves(const Run& run) {
  std::vector<Curve> curves = curves_of(
      run,
      [](const TelemetrySeries& series) {
        return series.name.ends_with(".clock_median") || series.name.ends_with(".clock_sm");
      },
      [](const auto& series, std::int64_t from_ns, std::int64_t to_ns) {
        double slowest = nothing;
        for (const TelemetrySeries* one : series)
          slowest = std::fmin(slowest, extreme(*one, from_ns, to_ns, false));
        return slowest * 1e-9;
      });
  if (std::all_of(curves.begin(), curves.end(), flat)) curves.clear();
  return curves;
}

}  // namespace podbench::report
