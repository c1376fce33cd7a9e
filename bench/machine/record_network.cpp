#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "bench/machine/record.hpp"
#include "bench/machine/record_parts.hpp"

namespace podbench {
namespace {

constexpr std::string_view nic_folder = "/sys/class/net";
constexpr std::string_view rdma_folder = "/sys/class/infiniband";
constexpr std::size_t most_nics = 256;

// The interfaces of this node, loopback left out.
std::vector<std::string> nics(const SystemRoot& root) {
  std::vector<std::string> names = root.list(nic_folder);
  std::erase_if(names, [](const std::string& name) { return name == "lo" || printable_ascii(name) != name; });
  if (names.size() > most_nics) names.resize(most_nics);
  return names;
}

void record_nic(const SystemRoot& root, const std::string& name, NodeRecord& record) {
  const std::string folder = fmt::format("{}/{}", nic_folder, name), prefix = "nic." + name + ".";
  note(record, prefix + "mtu_bytes", root.line(folder + "/mtu"));
  note(record, prefix + "state", root.line(folder + "/operstate"));
  note(record, prefix + "driver", root.link_name(folder + "/device/driver"));
  note(record, prefix + "driver_version", root.line(folder + "/device/driver/module/version"));
  note(record, prefix + "numa", root.line(folder + "/device/numa_node"));
  note(record, prefix + "pci", root.link_name(folder + "/device"));
  note(record, prefix + "duplex", root.line(folder + "/duplex"));
  // -1 where the device has no speed of its own.
  if (const auto speed = root.number(folder + "/speed"); speed && *speed > 0)
    record.attributes[prefix + "rate_mbps"] = fmt::format("{}", *speed);
}

void record_rdma(const SystemRoot& root, const std::string& name, NodeRecord& record) {
  const std::string folder = fmt::format("{}/{}", rdma_folder, name), prefix = "rdma." + name + ".";
  note(record, prefix + "firmware", root.line(folder + "/fw_ver"));
  note(record, prefix + "board", root.line(folder + "/board_id"));
  note(record, prefix + "driver", root.link_name(folder + "/device/driver"));
  note(record, prefix + "driver_version", root.line(folder + "/device/driver/module/version"));
  note(record, prefix + "numa", root.line(folder + "/device/numa_node"));
  for (const std::string& port : root.list(folder + "/ports")) {
    const std::string at = folder + "/ports/" + port, port_prefix = prefix + "port" + port + ".";
    note(record, port_prefix + "state", root.line(at + "/state"));
    note(record, port_prefix + "rate", root.line(at + "/rate"));
    note(record, port_prefix + "link_layer", root.line(at + "/link_layer"));
    note(record, port_prefix + "netdev", root.line(at + "/gid_attrs/ndevs/0"));
  }
}

// The interface of the IPv4 route to everywhere: destination and mask 0 in the kernel's table.
std::string default_route(const SystemRoot& root) {
  std::istringstream table(root.read("/proc/net/route").value_or(""));
  std::string line;
  std::getline(table, line);  // headings
  while (std::getline(table, line)) {
    std::istringstream fields(line);
    std::string name, destination, gateway, flags, references, use, metric, mask;
    fields >> name >> destination >> gateway >> flags >> references >> use >> metric >> mask;
    if (destination == "00000000" && mask == "00000000") return name;
  }
  return "";
}

}  // namespace

void record_network(const SystemRoot& root, NodeRecord& record) {
  note(record, "net.default_route", default_route(root));
  for (const std::string& name : nics(root)) record_nic(root, name, record);
  for (const std::string& name : root.list(rdma_folder)) record_rdma(root, printable_ascii(name), record);
  for (const char* setting : {"rmem_max", "wmem_max"})
    note(record, fmt::format("net.core.{}", setting),
         root.line(fmt::format("/proc/sys/net/core/{}", setting)));
  for (const char* setting : {"tcp_rmem", "tcp_wmem", "tcp_congestion_control"})
    note(record, fmt::format("net.ipv4.{}", setting),
         root.line(fmt::format("/proc/sys/net/ipv4/{}", setting)));
}

void record_counters(const SystemRoot& root, std::string_view when, NodeRecord& record) {
  constexpr std::array<const char*, 8> counters{"rx_bytes",  "tx_bytes",  "rx_packets", "tx_packets",
                                                "rx_errors", "tx_errors", "rx_dropped", "tx_dropped"};
  for (const std::string& name : nics(root))
    for (const char* counter : counters)
      note(record, fmt::format("nic.{}.{}.{}", name, when, counter),
           root.line(fmt::format("{}/{}/statistics/{}", nic_folder, name, counter)));
  // What moved, what was lost, and what waited for credits or was sent again.
  constexpr std::array<const char*, 9> port_counters{
      "counters/port_rcv_data",      "counters/port_xmit_data",    "counters/port_rcv_errors",
      "counters/port_xmit_discards", "counters/port_xmit_wait",    "counters/link_downed",
      "hw_counters/out_of_sequence", "hw_counters/packet_seq_err", "hw_counters/local_ack_timeout_err"};
  for (const std::string& device : root.list(rdma_folder))
    for (const std::string& port : root.list(fmt::format("{}/{}/ports", rdma_folder, device)))
      for (const std::string_view counter : port_counters)
        note(record,
             fmt::format("rdma.{}.port{}.{}.{}", printable_ascii(device), printable_ascii(port), when,
                         counter.substr(counter.find('/') + 1)),
             root.line(fmt::format("{}/{}/ports/{}/{}", rdma_folder, device, port, counter)));
}

}  // namespace podbench
