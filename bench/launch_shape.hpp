// The ranks and nodes of the launch, as every rank knows them. Thread-safety: values.
#pragma once

#include <string>
#include <vector>

#include "transports/rendezvous.hpp"

namespace podbench {

struct LaunchShape {
  std::vector<int> node_of_rank;
  std::vector<std::string> host_of_rank;
  bool crowded = false;  // more ranks than cores on this rank's node
  [[nodiscard]] int nodes() const;
  [[nodiscard]] int ranks_on_node_of(int rank) const;
  // Whether `rank` is its node's lowest: the one that speaks for the node.
  [[nodiscard]] bool first_on_its_node(int rank) const;
};

// Without what only measuring needs: whether the node is crowded.
[[nodiscard]] LaunchShape shape_of(const Rendezvous& rendezvous);

}  // namespace podbench
