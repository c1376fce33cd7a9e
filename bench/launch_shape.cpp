#include "bench/launch_shape.hpp"

#include <algorithm>

namespace podbench {

int LaunchShape::nodes() const {
  return node_of_rank.empty() ? 1 : *std::max_element(node_of_rank.begin(), node_of_rank.end()) + 1;
}

int LaunchShape::ranks_on_node_of(int rank) const {
  const int node = node_of_rank.at(static_cast<std::size_t>(rank));
  return static_cast<int>(std::count(node_of_rank.begin(), node_of_rank.end(), node));
}

bool LaunchShape::first_on_its_node(int rank) const {
  const int node = node_of_rank.at(static_cast<std::size_t>(rank));
  return std::find(node_of_rank.begin(), node_of_rank.end(), node) - node_of_rank.begin() == rank;
}

LaunchShape shape_of(const Rendezvous& rendezvous) {
  LaunchShape shape;
  for (int rank = 0; rank < rendezvous.size(); ++rank) {
    shape.node_of_rank.push_back(rendezvous.node(rank));
    shape.host_of_rank.push_back(rendezvous.host(rank));
  }
  return shape;
}

}  // namespace podbench
