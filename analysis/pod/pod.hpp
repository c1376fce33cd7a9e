// A pod as its file declares it: nodes, racks, switches, links with rates, and the limits that acceptance
// holds it to (docs/pod.md describes the file). The graph is what loads, ceilings and blame are computed on.
//
// Thread-safety: values and pure functions. Units: bits a second for declared rates, as data sheets give
// them; bytes a second where bytes are meant; both in the names. Errors: RequestError, FILE:LINE:COLUMN and
// what is right.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace podbench {

// What a pod file may declare at most.
inline constexpr std::size_t most_pod_file_bytes = 16 << 20;
inline constexpr std::size_t most_pod_nodes = 200'000, most_pod_links = 2'000'000, most_pod_ports = 2'000'000;

// A vertex of the graph: a node's network port (NIC or die edge), or a switch.
enum class VertexKind : std::uint8_t { port, network_switch };

struct PodNode {
  std::string name;        // as PODBENCH_NODE or the host name says it
  int rack = -1;           // index into racks; -1: none declared
  std::vector<int> ports;  // vertices, in the order of its rails
};

struct PodVertex {
  VertexKind kind = VertexKind::port;
  std::string name;  // "n03", "n03:1" (second port), "leaf0", "spine1"
  int node = -1;     // of a port
  int tier = 0;      // of a switch: 1 leaf or rail, 2 spine, ...; 0 for ports
};

// One cable or bundle between two vertices; each direction has the full rate.
struct PodLink {
  std::string name;  // what its label says; empty: name_of_link makes one of its ends
  int a = 0, b = 0;  // vertices
  double rate_bits_per_second = 0;
  int cables = 1;  // the rate is all of them together
};

struct PodRack {
  std::string name;
  std::optional<double> power_limit_w, cooling_limit_w, inlet_limit_celsius;
};

// A mesh or torus of ports, which forward for each other.
struct PodGrid {
  static constexpr int most_dimensions = 3;
  std::vector<int> extents;  // one a dimension, at most three
  std::vector<int> tile;     // extents of the blocks that are one piece of hardware; empty: none
  bool wraps = false;        // a torus
  bool dimension_order = true;
  std::vector<int> ports;  // vertices by position; the last dimension is the fastest
  std::vector<int> next;   // [dimension × positions + position]: the link to the next one up; -1: none
};

// What a healthy pod must meet. Where one is missing, only the fleet's median judges. Distances are relative,
// from the fleet's robust median. A small message's time is the processors' as much as the network's, and
// processors and memory of equal nodes differ by more than links do: these have distances of their own.
struct PodLimits {
  double share_of_rate = 0.90;                  // of a path's declared rate that pairs and links must reach
  double distance_from_median = 0.05;           // of a stream's time
  double latency_distance = 0.25;               // of a small message's time
  double node_distance = 0.15;                  // of what a node does by itself
  std::optional<double> latency_s, impact_p99;  // one-way latency of a pair; congestion impact factor
  std::optional<double> share_of_ceiling;       // of collectives, of the ceiling computed from the links
};

// How a flow uses equal-cost paths: packet by packet, or all on one path that a hash of the flow chose.
enum class Spreading : std::uint8_t { packets, flows };

struct Pod {
  std::string name, source;  // source: the file
  Spreading spreading = Spreading::packets;
  std::vector<PodNode> nodes;
  std::vector<PodRack> racks;
  std::vector<PodVertex> vertices;
  std::vector<PodLink> links;
  std::vector<PodGrid> grids;
  PodLimits limits;
};

// Reads a pod file.
[[nodiscard]] Pod load_pod(const std::string& path);
[[nodiscard]] Pod parse_pod(std::string_view text, const std::string& source);

// "C-1042" where the file names the link, else its ends: "n03-leaf0".
[[nodiscard]] std::string name_of_link(const Pod& pod, int link);

// A node's port on a rail; a node with fewer ports starts again at its first.
[[nodiscard]] inline int port_of(const Pod& pod, int node, int rail) {
  const std::vector<int>& ports = pod.nodes[static_cast<std::size_t>(node)].ports;
  return ports[static_cast<std::size_t>(rail) % ports.size()];
}

// One direction of a link.
struct Arc {
  int link = 0;
  bool backwards = false;  // from b to a
  friend bool operator==(const Arc&, const Arc&) = default;
};

// Arcs numbered from 0 to twice the links, for tables by arc.
[[nodiscard]] inline std::size_t index_of(Arc arc) {
  return 2 * static_cast<std::size_t>(arc.link) + (arc.backwards ? 1 : 0);
}
[[nodiscard]] inline Arc arc_of(std::size_t index) {
  return {static_cast<int>(index / 2), index % 2 != 0};
}
[[nodiscard]] inline int tail_of(const Pod& pod, Arc arc) {
  const PodLink& link = pod.links[static_cast<std::size_t>(arc.link)];
  return arc.backwards ? link.b : link.a;
}
[[nodiscard]] inline int head_of(const Pod& pod, Arc arc) {
  const PodLink& link = pod.links[static_cast<std::size_t>(arc.link)];
  return arc.backwards ? link.a : link.b;
}
[[nodiscard]] inline double rate_of(const Pod& pod, Arc arc) {
  return pod.links[static_cast<std::size_t>(arc.link)].rate_bits_per_second;
}

}  // namespace podbench
