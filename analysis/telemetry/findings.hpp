// What telemetry says against a node: counters of trouble that grew, links that went down, clocks that fell,
// heat, too much power. Acceptance's soak stage judges by it; reports list it.
//
//   for (const TelemetryFinding& finding : judge_telemetry(run)) …      // all but power
//   power_over(run, {{"rack0", {"n1", "n2"}, 12'000}})                  // needs limits from somewhere
//
// What was not read is not judged: a node without series has no findings, and is not cleared by that
// (judged_nodes() tells who was seen).
// Thread-safety: pure. Units: nanoseconds on the axis of results/telemetry.hpp; base units else.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "results/record.hpp"

namespace podbench {

enum class TelemetryConcern : std::uint8_t {
  errors,     // a counter of errors or lost packets grew
  flap,       // a link went down or came up
  throttled,  // hardware says that it slowed itself down
  clock,      // a clock fell in the course of the run
  heat,       // near or over the device's limit, or still warming up
  power,      // over a limit
};
[[nodiscard]] std::string_view name_of(TelemetryConcern concern);

struct TelemetryFinding {
  TelemetryConcern concern = TelemetryConcern::errors;
  std::string node{};    // or the group's name, of power
  std::string series{};  // "nic.eth0.carrier_changes"
  std::int64_t from_ns = 0, to_ns = 0;
  double amount = 0;     // by how much, in the series' unit; of clocks the share that is missing
  bool serious = false;  // speaks against the hardware; else worth knowing
  std::string words{};   // one line, times told from telemetry_origin_ns()
};

// From where on something is said, and taken seriously.
struct TelemetryRules {
  // Of the packets that the port moved meanwhile. A bit error rate of 1e-12, which links are specified for,
  // spoils about 7e-8 of packets of 9,000 B; unknown protocols are dropped now and then on any node.
  double error_share = 1e-7, drop_share = 1e-5;
  // Of the packets of the node's busiest port: a link that carries less, say to a container, may come and go.
  double traffic_share = 0.01;
  double clock_fall = 0.05;        // median of the run's last third under that of its first
  double limit_margin_c = 5;       // below a sensor's limit
  double warming_c = 10;           // from the first third of the run to its last
  std::size_t least_moments = 12;  // for a statement about the course of a run
};

// All of the following, serious ones first.
[[nodiscard]] std::vector<TelemetryFinding> judge_telemetry(const Run& run, const TelemetryRules& rules = {});

[[nodiscard]] std::vector<TelemetryFinding> grown_errors(const Run& run, const TelemetryRules& rules);
[[nodiscard]] std::vector<TelemetryFinding> throttling(const Run& run, const TelemetryRules& rules);
[[nodiscard]] std::vector<TelemetryFinding> heat(const Run& run, const TelemetryRules& rules);

// Nodes that share a limit: a rack, or each node for itself.
struct PowerGroup {
  std::string name;
  std::vector<std::string> nodes;
  double limit_w = 0;
};
// Where the group's mean power over a second and more was over its limit. Power is what processors, their
// memory and accelerators report; fans, disks and losses come on top, so that a finding is sure and none is
// not a proof. One line more where some of the nodes report nothing.
[[nodiscard]] std::vector<TelemetryFinding> power_over(const Run& run, std::span<const PowerGroup> groups);

// Nodes with at least one series.
[[nodiscard]] std::set<std::string> judged_nodes(const Run& run);

}  // namespace podbench
