// Counters that should stand still, and did not.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "analysis/telemetry/findings.hpp"
#include "analysis/telemetry/words.hpp"

namespace podbench {
namespace {

// When a counter grew: from the last reading before its first growth to the reading that saw the last one.
struct Grown {
  std::int64_t from_ns = 0, to_ns = 0;
  double by = 0;
};
std::optional<Grown> grown(const TelemetrySeries& series) {
  Grown all;
  for (std::size_t i = 1; i < series.values.size(); ++i) {
    if (!(series.values[i] > series.values[i - 1])) continue;
    if (all.by == 0) all.from_ns = series.times_ns[i - 1];
    all.to_ns = series.times_ns[i];
    all.by += series.values[i] - series.values[i - 1];
  }
  return all.by > 0 ? std::optional(all) : std::nullopt;
}

bool tells_of_links(std::string_view name) {
  return name.ends_with("carrier_changes") || name.ends_with("link_downed");
}
bool tells_of_drops(std::string_view name) {
  return name.find("drop") != std::string_view::npos || name.find("discard") != std::string_view::npos;
}

std::string port_of(const std::string& name) {
  return name.substr(0, name.rfind('.') + 1);
}

// The packets that the same port moved, in the counter's direction where its name says one; 0: not known.
double packets(const NodeTelemetry& node, const std::string& name, const Grown& when) {
  const std::string port = port_of(name);
  const std::string_view own = std::string_view(name).substr(port.size());
  const bool receiving = own.starts_with("rx_") || own.starts_with("port_rcv");
  constexpr std::array<const char*, 2> in = {"rx_packets", "port_rcv_packets"};
  constexpr std::array<const char*, 2> out = {"tx_packets", "port_xmit_packets"};
  double most = 0;
  for (const char* counter : receiving ? in : out)
    if (const TelemetrySeries* series = node.find(port + counter))
      most = std::max(most, growth(*series, when.from_ns, when.to_ns));
  return most;
}

// What each port moved in the whole run, both ways; ports whose counters do not tell are not there.
std::map<std::string, double> traffic_by_port(const NodeTelemetry& node) {
  constexpr std::array<std::string_view, 4> counters = {"rx_packets", "tx_packets", "port_rcv_packets",
                                                        "port_xmit_packets"};
  std::map<std::string, double> traffic;
  for (const TelemetrySeries* series : node.series) {
    const std::string port = port_of(series->name);
    const std::string_view own = std::string_view(series->name).substr(port.size());
    if (series->times_ns.empty() || std::find(counters.begin(), counters.end(), own) == counters.end())
      continue;
    traffic[port] += growth(*series, series->times_ns.front(), series->times_ns.back());
  }
  return traffic;
}

// A port that does not tell is taken to carry some.
bool carries_traffic(const NodeTelemetry& node, const std::string& port, double least_share) {
  const std::map<std::string, double> traffic = traffic_by_port(node);
  const auto own = traffic.find(port);
  double most = 0;
  for (const auto& [name, packets] : traffic) most = std::max(most, packets);
  return own == traffic.end() || own->second >= least_share * most;
}

class Judge {
 public:
  Judge(const Run& run, const TelemetryRules& rules)
      : rules_(rules), spans_(run), origin_ns_(telemetry_origin_ns(run)) {}

  TelemetryFinding operator()(const NodeTelemetry& node, const TelemetrySeries& series,
                              const Grown& when) const {
    TelemetryFinding finding{.node = series.node,
                             .series = series.name,
                             .from_ns = when.from_ns,
                             .to_ns = when.to_ns,
                             .amount = when.by,
                             .serious = true};
    const double moved = packets(node, series.name, when);
    std::string what = fmt::format("grew by {}", amount_in_words(when.by));
    if (tells_of_links(series.name)) {
      finding.concern = TelemetryConcern::flap;
      finding.serious = carries_traffic(node, port_of(series.name), rules_.traffic_share);
      what = fmt::format("the link changed {} times between up and down", amount_in_words(when.by));
      if (series.name.ends_with("link_downed"))
        what = fmt::format("the link went down {} times", amount_in_words(when.by));
    } else if (series.name.find("throttle") != std::string::npos) {
      finding.concern = TelemetryConcern::throttled;
    } else if (series.name.ends_with("ecc_corrected")) {
      finding.serious = false;
    } else if (moved > 0) {
      const double share = when.by / moved;
      finding.serious = share > (tells_of_drops(series.name) ? rules_.drop_share : rules_.error_share);
      what += fmt::format(", {:.2g}% of {} packets", 100 * share, amount_in_words(moved));
    }
    finding.words = fmt::format("{}: {}: {}, {}{}", series.node, series.name, what,
                                span_in_words(when.from_ns, when.to_ns, origin_ns_),
                                cases_in_words(spans_, when.from_ns, when.to_ns));
    return finding;
  }

 private:
  const TelemetryRules& rules_;
  CaseSpans spans_;
  std::int64_t origin_ns_;
};

}  // namespace

std::vector<TelemetryFinding> grown_errors(const Run& run, const TelemetryRules& rules) {
  const Judge judge(run, rules);
  std::vector<TelemetryFinding> findings;
  for (const auto& [name, node] : telemetry_by_node(run))
    for (const TelemetrySeries* series : node.series)
      if (series->kind == TelemetryKind::errors)
        if (const auto when = grown(*series)) findings.push_back(judge(node, *series, *when));
  return findings;
}

}  // namespace podbench
