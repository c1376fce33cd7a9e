// Which of a node's network ports carry data between nodes, from what the node recorded of itself.
// Thread-safety: pure. Units: bits a second.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "results/record.hpp"

namespace podbench {

struct FoundPort {
  std::string name;      // "eth0", "mlx5_0 port 1"
  double rate_bits = 0;  // 0: not told
  bool up = false;
  bool hardware = false;   // not a virtual interface
  bool has_route = false;  // the default route leads over it
  std::string driver, pci, mtu_bytes;
};

// All network interfaces and RDMA ports; an interface that belongs to an RDMA port is that port.
[[nodiscard]] std::vector<FoundPort> found_ports(const NodeRecord& node);

// The ports of every node that are up and of the rate class that counts: the fastest that at least half of
// the nodes have; virtual ones only where no node has others. 0: no node tells a rate.
struct PortClass {
  double rate_bits = 0;
  bool is_virtual = false;
  [[nodiscard]] bool has(const FoundPort& port) const;
};
[[nodiscard]] PortClass port_class(const std::vector<std::vector<FoundPort>>& nodes);

}  // namespace podbench
