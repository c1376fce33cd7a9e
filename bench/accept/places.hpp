// Which rank of a launch stands for which port of a pod: the k-th rank of a node, in rank order, is its k-th
// port. Thread-safety: values; pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "analysis/pod/routes.hpp"

namespace podbench::accept {

class Places {
 public:
  // `host_of_rank` as the pod names its nodes. RequestError where a host is none of the pod's nodes, or a
  // node does not have as many ranks as ports.
  Places(const Pod& pod, std::span<const std::string> host_of_rank);

  // Ranks in the order of the pod's nodes and their ports: what a director asks for.
  [[nodiscard]] static std::vector<std::string> wanted_hosts(const Pod& pod);

  [[nodiscard]] int ranks() const { return ranks_; }
  [[nodiscard]] int rank_of(int node, int rail) const;
  [[nodiscard]] int sender(const Flow& flow) const { return rank_of(flow.from_node, flow.from_rail); }
  [[nodiscard]] int receiver(const Flow& flow) const { return rank_of(flow.to_node, flow.to_rail); }
  // All ranks of these nodes, in ascending order.
  [[nodiscard]] std::vector<int> ranks_of(std::span<const int> nodes) const;

 private:
  int ranks_ = 0;
  std::vector<std::vector<int>> by_node_;  // by port
};

}  // namespace podbench::accept
