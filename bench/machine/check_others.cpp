// What shares the processors with the ranks: other processes, other guests, a quota, the ranks themselves.
#include <fmt/format.h>

#include "base/quantity.hpp"
#include "bench/machine/checks.hpp"
#include "bench/machine/record_parts.hpp"

namespace podbench {
namespace {

void check_load(const Examination& node, Findings& findings) {
  if (!node.load) return;
  if (node.load->foreign > 0.10)
    findings.add(Severity::warning, "busy-cores",
                 fmt::format("Other processes use {:.0f}% of the node's CPU time.", 100 * node.load->foreign),
                 "They take cores away in the middle of operations; cases beside them are marked contended.",
                 "ps -eo pid,user,pcpu,comm --sort=-pcpu | head, then stop what need not run");
  if (node.load->steal > 0.05)
    findings.add(
        Severity::warning, "steal",
        fmt::format("The hypervisor gives {:.0f}% of the CPU time to other guests.", 100 * node.load->steal),
        "Ranks stop for milliseconds without knowing it; no setting of this guest helps.",
        "ask the provider for dedicated cores, or measure on bare metal");
}

void check_noise(const Examination& node, Findings& findings) {
  if (!node.noise || node.noise->tolerable()) return;
  findings.add(
      Severity::warning, "noise",
      fmt::format("Interruptions take {} of every second from a core, the longest {}.",
                  format_duration_ns(node.noise->missing_ns_per_second),
                  format_duration_ns(static_cast<double>(node.noise->largest_interruption_ns))),
      "A collective waits for its slowest rank, so interruptions add up over ranks.",
      "systemctl list-units --type=service --state=running, then stop what need not run; or boot with "
      "isolcpus= and nohz_full= for the measuring cores");
}

// "200000 100000": microseconds of CPU time in each period; "max" where there is no quota.
void check_quota(const Examination& node, Findings& findings) {
  const std::string file = "/sys/fs/cgroup" + cgroup_folder(node.root) + "/cpu.max";
  const std::string text = node.root.line(file).value_or("max");
  const std::size_t blank = text.find(' ');
  if (blank == std::string::npos) return;
  const auto quota = whole_number(text.substr(0, blank)), period = whole_number(text.substr(blank + 1));
  if (!quota || !period || *quota <= 0 || *period <= 0) return;
  const double cores = static_cast<double>(*quota) / static_cast<double>(*period);
  if (cores >= static_cast<double>(node.topology.cores.size())) return;
  findings.add(
      Severity::problem, "cpu-quota",
      fmt::format("The control group may use {:.3g} of {} cores.", cores, node.topology.cores.size()),
      "Ranks that spin use the quota up and are then stopped for the rest of each period.",
      fmt::format("echo max > {}, or start the container without a CPU limit", file));
}

void check_crowding(const Examination& node, Findings& findings) {
  const auto cores = static_cast<int>(node.topology.cores.size());
  if (cores == 0 || node.ranks_on_node <= cores) return;
  findings.add(Severity::warning, "crowded",
               fmt::format("{} ranks share {} cores.", node.ranks_on_node, cores),
               "Ranks wait for each other's time slices: latencies are the scheduler's, not the network's.",
               fmt::format("use at most {} ranks a node", cores));
}

}  // namespace

void check_others(const Examination& node, Findings& findings) {
  check_quota(node, findings);
  check_load(node, findings);
  check_noise(node, findings);
  check_crowding(node, findings);
}

}  // namespace podbench
