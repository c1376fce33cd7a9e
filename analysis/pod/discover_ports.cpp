#include "analysis/pod/discover_ports.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <set>
#include <string_view>

namespace podbench {
namespace {

std::string attribute(const NodeRecord& node, const std::string& name) {
  const auto at = node.attributes.find(name);
  return at == node.attributes.end() ? "" : at->second;
}

// The number that leads a text; 0 where none does.
double leading_number(const std::string& text) {
  const double value = std::strtod(text.c_str(), nullptr);
  return value > 0 && value < 1e9 ? value : 0;
}

// The X of "nic.X.state": an interface's name may have dots itself.
std::set<std::string> named(const NodeRecord& node, std::string_view prefix, std::string_view suffix) {
  std::set<std::string> names;
  for (const auto& [name, value] : node.attributes)
    if (name.size() > prefix.size() + suffix.size() && name.starts_with(prefix) && name.ends_with(suffix))
      names.insert(name.substr(prefix.size(), name.size() - prefix.size() - suffix.size()));
  return names;
}

FoundPort interface_of(const NodeRecord& node, const std::string& name) {
  const std::string prefix = "nic." + name + ".";
  FoundPort port;
  port.name = name;
  port.rate_bits = leading_number(attribute(node, prefix + "rate_mbps")) * 1e6;
  port.up = attribute(node, prefix + "state") == "up";
  port.driver = attribute(node, prefix + "driver");
  port.pci = attribute(node, prefix + "pci");
  port.hardware = !port.pci.empty();
  port.mtu_bytes = attribute(node, prefix + "mtu_bytes");
  port.has_route = attribute(node, "net.default_route") == name;
  return port;
}

// "mlx5_0.port1"
FoundPort rdma_port_of(const NodeRecord& node, const std::string& name) {
  const std::string prefix = "rdma." + name + ".";
  const std::size_t dot = name.rfind(".port");
  const std::string device = name.substr(0, dot);
  FoundPort port;
  port.name = device + (dot == std::string::npos ? "" : " port " + name.substr(dot + 5));
  port.rate_bits = leading_number(attribute(node, prefix + "rate")) * 1e9;  // "400 Gb/sec (4X NDR)"
  port.up = attribute(node, prefix + "state").find("ACTIVE") != std::string::npos;
  port.driver = attribute(node, "rdma." + device + ".driver");
  port.hardware = true;
  const std::string interface = attribute(node, prefix + "netdev");
  if (interface.empty()) return port;
  const FoundPort own = interface_of(node, interface);
  port.pci = own.pci;
  port.mtu_bytes = own.mtu_bytes;
  port.has_route = own.has_route;
  return port;
}

}  // namespace

std::vector<FoundPort> found_ports(const NodeRecord& node) {
  std::vector<FoundPort> ports;
  std::set<std::string> of_rdma;
  for (const std::string& name : named(node, "rdma.", ".state")) {
    ports.push_back(rdma_port_of(node, name));
    of_rdma.insert(attribute(node, "rdma." + name + ".netdev"));
  }
  for (const std::string& name : named(node, "nic.", ".state"))
    if (!of_rdma.contains(name)) ports.push_back(interface_of(node, name));
  return ports;
}

bool PortClass::has(const FoundPort& port) const {
  return port.up && port.hardware != is_virtual && std::abs(port.rate_bits - rate_bits) <= 0.01 * rate_bits;
}

PortClass port_class(const std::vector<std::vector<FoundPort>>& nodes) {
  for (const bool is_virtual : {false, true}) {
    std::map<double, std::size_t, std::greater<>> nodes_with;
    for (const std::vector<FoundPort>& ports : nodes) {
      std::set<double> rates;
      for (const FoundPort& port : ports)
        if (port.up && port.hardware != is_virtual && port.rate_bits > 0) rates.insert(port.rate_bits);
      for (const double rate : rates) ++nodes_with[rate];
    }
    for (const auto& [rate, count] : nodes_with)
      if (2 * count >= nodes.size()) return {rate, is_virtual};
    if (!nodes_with.empty()) return {nodes_with.begin()->first, is_virtual};
  }
  return {};
}

}  // namespace podbench
