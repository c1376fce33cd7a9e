#include "analysis/pod/shapes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/error.hpp"

namespace podbench {
namespace {

constexpr int most_switches_a_tier = 100'000;

std::vector<int> nodes_of(TableReader& table, PodBuilder& builder) {
  std::vector<int> nodes;
  if (!table.has("nodes")) {
    nodes.resize(builder.pod().nodes.size());
    std::iota(nodes.begin(), nodes.end(), 0);
    return nodes;
  }
  for (const std::string& name : table.names("nodes", most_pod_nodes)) {
    try {
      nodes.push_back(builder.node(name));
    } catch (const RequestError& error) {
      table.refuse("nodes", error.what());
    }
  }
  return nodes;
}

// The ports of the nodes that a leaf–spine or crossbar takes: all, or those that `port = ` names. By node.
std::vector<std::vector<int>> ports_of(TableReader& table, PodBuilder& builder,
                                       const std::vector<int>& nodes) {
  std::vector<std::vector<int>> ports;
  if (table.has("port")) {
    for (const int port : one_port_each(table, builder, nodes)) ports.push_back({port});
    return ports;
  }
  for (const int node : nodes) ports.push_back(builder.pod().nodes[static_cast<std::size_t>(node)].ports);
  return ports;
}

// What lies above the leaves of a shape, with its rates.
struct Upper {
  std::string prefix;
  int spines = 0, leaves_per_group = 0, cores = 0;
  double spine_rate = 0, core_rate = 0;
  int spine_cables = 1;
};

Upper read_upper(TableReader& table) {
  Upper upper;
  upper.prefix = table.optional_text("prefix").value_or("");
  upper.spines = static_cast<int>(table.whole_or("spines", 0, 0, most_switches_a_tier));
  if (upper.spines > 0) {
    upper.spine_rate = table.quantity("spine_rate", Dimension::rate);
    upper.spine_cables = static_cast<int>(table.whole_or("spine_cables", 1, 1, 1'000));
  }
  upper.cores = static_cast<int>(table.whole_or("cores", 0, 0, most_switches_a_tier));
  if (upper.cores == 0) return upper;
  upper.leaves_per_group = static_cast<int>(table.whole("leaves_per_group", 1, most_switches_a_tier));
  upper.core_rate = table.quantity("core_rate", Dimension::rate);
  if (upper.spines == 0 || upper.cores % upper.spines != 0)
    table.refuse("cores", "cores is a multiple of spines: every spine of a group has cores of its own");
  return upper;
}

// Links every leaf with every spine of its group, and every spine with its own cores (a folded Clos network;
// Al-Fares, Loukissas, Vahdat, "A Scalable, Commodity Data Center Network Architecture", SIGCOMM 2008).
void link_upper(PodBuilder& builder, const std::vector<int>& leaves, const Upper& upper) {
  if (upper.spines == 0) return;
  const auto group_leaves =
      upper.cores == 0 ? leaves.size() : static_cast<std::size_t>(upper.leaves_per_group);
  const std::size_t groups = (leaves.size() + group_leaves - 1) / group_leaves;
  builder.expect_links(static_cast<double>(leaves.size()) * upper.spines +
                       static_cast<double>(groups) * upper.cores);
  std::vector<int> cores;
  for (int core = 0; core < upper.cores; ++core)
    cores.push_back(builder.add_switch(fmt::format("{}core{}", upper.prefix, core), 3));
  const int cores_each = upper.cores / upper.spines;
  for (std::size_t group = 0; group < groups; ++group)
    for (int spine = 0; spine < upper.spines; ++spine) {
      const int number = static_cast<int>(group) * upper.spines + spine;
      const int vertex = builder.add_switch(fmt::format("{}spine{}", upper.prefix, number), 2);
      const std::size_t end = std::min(leaves.size(), (group + 1) * group_leaves);
      for (std::size_t leaf = group * group_leaves; leaf < end; ++leaf)
        builder.add_link(leaves[leaf], vertex, upper.spine_rate, upper.spine_cables);
      for (int core = spine * cores_each; core < (spine + 1) * cores_each; ++core)
        builder.add_link(vertex, cores[static_cast<std::size_t>(core)], upper.core_rate);
    }
}

// Leaves for `ports`, in order, so many a leaf; returns the leaves.
std::vector<int> add_leaves(PodBuilder& builder, const std::vector<std::vector<int>>& ports,
                            std::size_t nodes_per_leaf, double rate, const std::string& name_before_number) {
  std::vector<int> leaves;
  for (std::size_t node = 0; node < ports.size(); ++node) {
    if (node % nodes_per_leaf == 0)
      leaves.push_back(builder.add_switch(fmt::format("{}{}", name_before_number, leaves.size()), 1));
    for (const int port : ports[node]) builder.add_link(port, leaves.back(), rate);
  }
  return leaves;
}

std::size_t nodes_per_leaf_of(TableReader& table, std::size_t nodes) {
  return static_cast<std::size_t>(
      table.whole_or("nodes_per_leaf", static_cast<std::int64_t>(nodes), 1, most_pod_nodes));
}

void refuse_unjoined(TableReader& table, std::size_t leaves, const Upper& upper) {
  if (leaves > 1 && upper.spines == 0)
    table.refuse(fmt::format("{} has {} leaves and nothing that joins them; it needs spines and spine_rate",
                             table.what(), leaves));
}

void read_leaf_spine(TableReader& table, PodBuilder& builder, const std::vector<int>& nodes) {
  const auto ports = ports_of(table, builder, nodes);
  const std::size_t nodes_per_leaf = nodes_per_leaf_of(table, nodes.size());
  const double rate = table.quantity("node_rate", Dimension::rate);
  const Upper upper = read_upper(table);
  table.done();
  refuse_unjoined(table, (nodes.size() + nodes_per_leaf - 1) / nodes_per_leaf, upper);
  link_upper(builder, add_leaves(builder, ports, nodes_per_leaf, rate, upper.prefix + "leaf"), upper);
}

// Port k of every node is on a leaf of rail k; the spines join all rails.
void read_rails(TableReader& table, PodBuilder& builder, const std::vector<int>& nodes) {
  const std::size_t nodes_per_leaf = nodes_per_leaf_of(table, nodes.size());
  const double rate = table.quantity("node_rate", Dimension::rate);
  const Upper upper = read_upper(table);
  table.done();
  const Pod& pod = builder.pod();
  const std::size_t rails = pod.nodes[static_cast<std::size_t>(nodes.front())].ports.size();
  for (const int node : nodes)
    if (const PodNode& other = pod.nodes[static_cast<std::size_t>(node)]; other.ports.size() != rails)
      table.refuse(fmt::format(
          "{} has {} ports and {} has {}; on rails all nodes have as many as there are rails",
          pod.nodes[static_cast<std::size_t>(nodes.front())].name, rails, other.name, other.ports.size()));
  const bool one_leaf = nodes.size() <= nodes_per_leaf;
  if (!one_leaf) refuse_unjoined(table, 2, upper);
  std::vector<int> leaves;
  for (std::size_t rail = 0; rail < rails; ++rail) {
    std::vector<std::vector<int>> ports;
    for (const int node : nodes) ports.push_back({port_of(pod, node, static_cast<int>(rail))});
    const auto more =
        add_leaves(builder, ports, nodes_per_leaf, rate, fmt::format("{}rail{}-leaf", upper.prefix, rail));
    leaves.insert(leaves.end(), more.begin(), more.end());
  }
  link_upper(builder, leaves, upper);
}

// Every port has a link to every switch: one switch, or the planes of an all-to-all domain.
void read_crossbar(TableReader& table, PodBuilder& builder, const std::vector<int>& nodes) {
  const auto ports = ports_of(table, builder, nodes);
  const int switches = static_cast<int>(table.whole_or("switches", 1, 1, most_switches_a_tier));
  const double rate = table.quantity("rate", Dimension::rate);
  const std::string prefix = table.optional_text("prefix").value_or("");
  table.done();
  const std::size_t count = std::accumulate(ports.begin(), ports.end(), std::size_t{0},
                                            [](std::size_t sum, const auto& of) { return sum + of.size(); });
  builder.expect_links(static_cast<double>(count) * switches);
  for (int plane = 0; plane < switches; ++plane) {
    const int vertex = builder.add_switch(fmt::format("{}switch{}", prefix, plane), 1);
    for (const auto& of_node : ports)
      for (const int port : of_node) builder.add_link(port, vertex, rate);
  }
}

using ReadShape = void (*)(TableReader&, PodBuilder&, const std::vector<int>&);

constexpr std::pair<std::string_view, ReadShape> shapes[]{
    {"leaf_spine", read_leaf_spine},
    {"rails", read_rails},
    {"crossbar", read_crossbar},
    {"mesh", [](TableReader& t, PodBuilder& b, const std::vector<int>& n) { read_grid(t, b, n, false); }},
    {"torus", [](TableReader& t, PodBuilder& b, const std::vector<int>& n) { read_grid(t, b, n, true); }},
};

}  // namespace

std::vector<int> one_port_each(TableReader& table, const PodBuilder& builder, const std::vector<int>& nodes) {
  const Pod& pod = builder.pod();
  const auto port = static_cast<std::size_t>(table.whole_or("port", 0, 0, most_pod_ports));
  std::vector<int> ports;
  for (const int node : nodes) {
    const PodNode& of = pod.nodes[static_cast<std::size_t>(node)];
    if (port >= of.ports.size())
      table.refuse("port", fmt::format("{} has no port {}; it has {}, counted from 0", of.name, port,
                                       of.ports.size()));
    if (!table.has("port") && of.ports.size() > 1)
      table.refuse(fmt::format("{} has {} ports; {} needs to say which one, as in port = 0", of.name,
                               of.ports.size(), table.what()));
    ports.push_back(of.ports[port]);
  }
  return ports;
}

void read_shapes(TableReader& root, PodBuilder& builder) {
  for (const auto& [key, read] : shapes)
    for (TableReader& table : root.tables(key)) {
      const std::vector<int> nodes = nodes_of(table, builder);
      try {
        read(table, builder, nodes);
      } catch (const RequestError& error) {
        // A complaint of the builder has no place yet.
        if (std::string_view(error.what()).starts_with(builder.pod().source + ":")) throw;
        table.refuse(error.what());
      }
    }
}

}  // namespace podbench
