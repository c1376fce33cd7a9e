#include <fmt/format.h>

#include <algorithm>

#include "bench/machine/checks.hpp"

namespace podbench {
namespace {

constexpr std::string_view nic_folder = "/sys/class/net";

// An interface with hardware behind it that is up.
struct Nic {
  std::string name;
  std::int64_t mtu_bytes = 0;
  std::int64_t rate_mbps = 0;  // 0: the device does not say
};

std::vector<Nic> working_nics(const SystemRoot& root) {
  std::vector<Nic> nics;
  for (const std::string& name : root.list(nic_folder)) {
    const std::string folder = fmt::format("{}/{}", nic_folder, name);
    if (!root.exists(folder + "/device") || root.line(folder + "/operstate") != "up") continue;
    const auto mtu = root.number(folder + "/mtu");
    if (!mtu) continue;
    nics.push_back(
        {printable_ascii(name), *mtu, std::max<std::int64_t>(0, root.number(folder + "/speed").value_or(0))});
  }
  return nics;
}

void check_small_mtu(const Nic& nic, Findings& findings) {
  constexpr std::int64_t fast_mbps = 25'000, jumbo_bytes = 9000, ethernet_bytes = 1500;
  if (nic.rate_mbps >= fast_mbps && nic.mtu_bytes < jumbo_bytes)
    findings.add(
        Severity::warning, "mtu",
        fmt::format("{} runs at {} Gb/s with an MTU of {} bytes.", nic.name, nic.rate_mbps / 1000,
                    nic.mtu_bytes),
        "So many packets a second keep a core busy: TCP stays below the line rate.",
        fmt::format("ip link set dev {} mtu 9000 (on every node and switch port of the network)", nic.name));
  else if (nic.mtu_bytes < ethernet_bytes)
    findings.add(
        Severity::info, "mtu", fmt::format("{} has an MTU of {} bytes.", nic.name, nic.mtu_bytes),
        "Below Ethernet's 1500: a tunnel or overlay network lies underneath, and its cost is measured too.",
        fmt::format("ip -d link show {} tells what it is", nic.name));
}

// Interfaces of one rate usually serve one network.
void check_unequal_mtu(const std::vector<Nic>& nics, Findings& findings) {
  for (std::size_t i = 0; i < nics.size(); ++i)
    for (std::size_t j = i + 1; j < nics.size(); ++j) {
      if (nics[i].rate_mbps == 0 || nics[i].rate_mbps != nics[j].rate_mbps ||
          nics[i].mtu_bytes == nics[j].mtu_bytes)
        continue;
      const Nic& smaller = nics[i].mtu_bytes < nics[j].mtu_bytes ? nics[i] : nics[j];
      const Nic& larger = nics[i].mtu_bytes < nics[j].mtu_bytes ? nics[j] : nics[i];
      findings.add(Severity::warning, "mtu-mismatch",
                   fmt::format("{} has an MTU of {} bytes, {} of the same rate {}.", smaller.name,
                               smaller.mtu_bytes, larger.name, larger.mtu_bytes),
                   "Rails of one network that differ make results depend on which one is chosen.",
                   fmt::format("ip link set dev {} mtu {}", smaller.name, larger.mtu_bytes));
    }
}

void check_transports(const Examination& node, Findings& findings) {
  for (const UnusableTransport& transport : node.unusable)
    findings.add(Severity::info, "transport",
                 fmt::format("{} cannot be used here: {}", transport.spec, transport.reason),
                 "Cases on it are left out.", "");
}

}  // namespace

void check_network(const Examination& node, Findings& findings) {
  const std::vector<Nic> nics = working_nics(node.root);
  for (const Nic& nic : nics) check_small_mtu(nic, findings);
  check_unequal_mtu(nics, findings);
  check_transports(node, findings);
}

}  // namespace podbench
