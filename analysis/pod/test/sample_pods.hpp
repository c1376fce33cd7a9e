// Small pods of every shape, as their files' text, for tests and benches.
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "analysis/pod/pod.hpp"

namespace podbench::sample {

inline Pod leaf_spine(int nodes, int nodes_per_leaf, int spines, const std::string& node_rate = "100 Gbit/s",
                      const std::string& spine_rate = "200 Gbit/s", const std::string& more = "") {
  return parse_pod(
      fmt::format("{}\n[[nodes]]\nnames = \"n[000-{:03}]\"\n[leaf_spine]\nnodes_per_leaf = {}\nspines = "
                  "{}\nnode_rate = \"{}\"\nspine_rate = \"{}\"\n",
                  more, nodes - 1, nodes_per_leaf, spines, node_rate, spine_rate),
      "leaf_spine.toml");
}

inline Pod three_tiers(int nodes, int nodes_per_leaf, int spines, int leaves_per_group, int cores) {
  return parse_pod(
      fmt::format(
          "[[nodes]]\nnames = \"n[000000-{:06}]\"\n[leaf_spine]\nnodes_per_leaf = {}\nspines = {}\n"
          "node_rate = \"100 Gbit/s\"\nspine_rate = \"100 Gbit/s\"\nleaves_per_group = {}\ncores = {}\n"
          "core_rate = \"100 Gbit/s\"\n",
          nodes - 1, nodes_per_leaf, spines, leaves_per_group, cores),
      "three_tiers.toml");
}

inline Pod rails(int nodes, int ports, int nodes_per_leaf, int spines) {
  return parse_pod(
      fmt::format("[[nodes]]\nnames = \"n[00-{:02}]\"\nports = {}\n[rails]\nnodes_per_leaf = {}\n"
                  "spines = {}\nnode_rate = \"400 Gbit/s\"\nspine_rate = \"400 Gbit/s\"\n",
                  nodes - 1, ports, nodes_per_leaf, spines),
      "rails.toml");
}

inline Pod crossbar(int nodes, int ports, int switches) {
  return parse_pod(fmt::format("[[nodes]]\nnames = \"n[00-{:02}]\"\nports = {}\n[crossbar]\nswitches = {}\n"
                               "rate = \"50 GB/s\"\n",
                               nodes - 1, ports, switches),
                   "crossbar.toml");
}

inline Pod grid(const std::string& shape, const std::vector<int>& extents, const std::string& more = "") {
  int nodes = 1;
  for (const int extent : extents) nodes *= extent;
  return parse_pod(
      fmt::format("[[nodes]]\nnames = \"d[0000-{:04}]\"\n[{}]\nextents = [{}]\nrate = \"1 TB/s\"\n{}",
                  nodes - 1, shape, fmt::join(extents, ", "), more),
      "grid.toml");
}

// Nodes in a ring of cables, one more across, and two switches in a row with two nodes each.
inline Pod explicit_links() {
  return parse_pod(R"(
[[nodes]]
names = "a[0-3]"
[[nodes]]
names = "b[0-3]"
ports = 2
[[switches]]
names = "x,y"
[[links]]
from = "a[0-3]"
to = "x"
rate = "10 Gbit/s"
[[links]]
from = "b0:0,b1:0,b2:0,b3:0"
to = "y"
rate = "10 Gbit/s"
[[links]]
from = "b0:1,b1:1,b2:1,b3:1"
to = "y"
rate = "10 Gbit/s"
[[links]]
from = "x"
to = "y"
rate = "25 Gbit/s"
names = "C-1042"
)",
                   "explicit.toml");
}

inline std::vector<std::pair<std::string, Pod>> all_shapes() {
  return {{"one switch", crossbar(5, 1, 1)},
          {"leaf-spine", leaf_spine(16, 4, 2)},
          {"leaf-spine, three leaves", leaf_spine(12, 4, 2)},
          {"oversubscribed", leaf_spine(16, 8, 2, "200 Gbit/s", "400 Gbit/s")},
          {"odd rates", leaf_spine(12, 4, 3, "200 Gbit/s", "250 Gbit/s")},
          {"uneven leaves", leaf_spine(13, 5, 2)},
          {"three tiers", three_tiers(32, 4, 4, 2, 8)},
          {"rails", rails(8, 4, 4, 2)},
          {"rails, one leaf a rail", rails(6, 4, 6, 2)},
          {"crossbar", crossbar(6, 1, 4)},
          {"crossbar of four ports a node", crossbar(6, 4, 9)},
          {"mesh", grid("mesh", {5, 5})},
          {"mesh of tiles", grid("mesh", {6, 4}, "tile = [3, 2]\ntile_rate = \"500 GB/s\"\n")},
          {"mesh, shortest", grid("mesh", {4, 3}, "routing = \"shortest\"\n")},
          {"torus", grid("torus", {4, 4})},
          {"torus of twos", grid("torus", {2, 3, 2})},
          {"torus in space", grid("torus", {4, 4, 4})},
          {"explicit", explicit_links()}};
}

}  // namespace podbench::sample
