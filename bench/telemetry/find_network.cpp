// Counters of network interfaces (Documentation/ABI/testing/sysfs-class-net-statistics of the Linux kernel)
// and of RDMA ports (sysfs-class-infiniband there; the drivers' own in hw_counters).
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "bench/telemetry/file_source.hpp"
#include "bench/telemetry/find.hpp"

namespace podbench {
namespace {

constexpr std::size_t most_nics = 32, most_ports = 64;

struct NicCounter {
  const char* file;
  const char* unit;
  TelemetryKind kind;
};
constexpr std::array<NicCounter, 13> nic_counters = {{
    {"statistics/rx_bytes", "B", TelemetryKind::counter},
    {"statistics/tx_bytes", "B", TelemetryKind::counter},
    {"statistics/rx_packets", "1", TelemetryKind::counter},
    {"statistics/tx_packets", "1", TelemetryKind::counter},
    {"statistics/rx_errors", "1", TelemetryKind::errors},
    {"statistics/tx_errors", "1", TelemetryKind::errors},
    {"statistics/rx_dropped", "1", TelemetryKind::errors},
    {"statistics/tx_dropped", "1", TelemetryKind::errors},
    {"statistics/rx_crc_errors", "1", TelemetryKind::errors},
    {"statistics/rx_missed_errors", "1", TelemetryKind::errors},
    {"statistics/rx_fifo_errors", "1", TelemetryKind::errors},
    {"statistics/tx_carrier_errors", "1", TelemetryKind::errors},
    {"carrier_changes", "1", TelemetryKind::errors},
}};

// Those of hardware first: a node with many virtual ones loses none that carries data between nodes.
std::vector<std::string> nics(const SystemRoot& root, const std::string& base) {
  std::vector<std::string> names = root.list(base);
  std::erase(names, "lo");
  std::stable_partition(names.begin(), names.end(),
                        [&](const std::string& name) { return root.exists(base + "/" + name + "/device"); });
  if (names.size() > most_nics) names.resize(most_nics);
  return names;
}

// Counters that grow when connections end or are many, and say nothing of the hardware.
constexpr std::array<std::string_view, 4> harmless = {"req_cqe_flush_error", "resp_cqe_flush_error",
                                                      "port_rcv_switch_relay_errors", "req_cqe_error"};
// What the names of counters of trouble have in them.
constexpr std::array<std::string_view, 11> troubles = {"err",      "discard",  "drop",     "downed",
                                                       "recovery", "out_of_",  "overrun",  "timeout",
                                                       "icrc",     "overflow", "integrity"};

TelemetryKind rdma_kind(std::string_view name) {
  if (std::find(harmless.begin(), harmless.end(), name) != harmless.end()) return TelemetryKind::counter;
  const bool trouble = std::any_of(troubles.begin(), troubles.end(), [&](std::string_view part) {
    return name.find(part) != std::string_view::npos;
  });
  return trouble ? TelemetryKind::errors : TelemetryKind::counter;
}

void add_port(const SystemRoot& root, const std::string& folder, const std::string& name, Sources& sources) {
  for (const char* group : {"counters", "hw_counters"}) {
    for (const std::string& file : root.list(folder + "/" + group)) {
      if (file == "lifespan") continue;  // a setting: how long the driver believes its last reading
      // Data counters of a port count words of four bytes.
      const bool words = file == "port_rcv_data" || file == "port_xmit_data";
      SensorQuantity quantity{name + "." + name_part(file), words ? "B" : "1", rdma_kind(file)};
      add_file(root, fmt::format("{}/{}/{}", folder, group, file), std::move(quantity), sources,
               {words ? 4.0 : 1.0, 0});
    }
  }
}

}  // namespace

void find_nics(const SystemRoot& root, Sources& sources) {
  const std::string base = "/sys/class/net";
  for (const std::string& name : nics(root, base)) {
    for (const NicCounter& counter : nic_counters) {
      const std::string_view file = counter.file;
      const std::string_view last = file.substr(file.rfind('/') + 1);
      add_file(root, fmt::format("{}/{}/{}", base, name, file),
               {fmt::format("nic.{}.{}", printable_ascii(name), last), counter.unit, counter.kind}, sources);
    }
  }
}

void find_rdma(const SystemRoot& root, Sources& sources) {
  const std::string base = "/sys/class/infiniband";
  std::size_t ports = 0;
  for (const std::string& device : root.list(base)) {
    for (const std::string& port : root.list(fmt::format("{}/{}/ports", base, device))) {
      if (++ports > most_ports) return;
      add_port(root, fmt::format("{}/{}/ports/{}", base, device, port),
               fmt::format("rdma.{}.port{}", name_part(device), name_part(port)), sources);
    }
  }
}

}  // namespace podbench
