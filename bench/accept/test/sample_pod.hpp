// Pods for tests of the acceptance.
#pragma once

#include <string>

#include "analysis/pod/pod.hpp"

namespace podbench::accept {

// `nodes` nodes of one port on leaves of `nodes_per_leaf`, one spine as fast as `uplink` says.
inline std::string leaf_spine_text(int nodes, int nodes_per_leaf, const std::string& uplink) {
  return "name = \"lab\"\n[[nodes]]\nnames = \"n[1-" + std::to_string(nodes) +
         "]\"\n[leaf_spine]\nnodes_per_leaf = " + std::to_string(nodes_per_leaf) +
         "\nnode_rate = \"200 Mbit/s\"\nspines = 1\nspine_rate = \"" + uplink + "\"\n";
}

inline Pod leaf_spine(int nodes, int nodes_per_leaf, const std::string& uplink = "400 Mbit/s") {
  return parse_pod(leaf_spine_text(nodes, nodes_per_leaf, uplink), "pod.toml");
}

// Two nodes of two ports on two rails.
inline Pod two_rails() {
  return parse_pod(
      "name = \"rails\"\n[[nodes]]\nnames = \"a,b\"\nports = 2\n[rails]\nnode_rate = \"100 Gbit/s\"\n",
      "rails.toml");
}

}  // namespace podbench::accept
