#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "bench/machine/checks.hpp"

namespace podbench {
namespace {

constexpr std::string_view cpu_folder = "/sys/devices/system/cpu";

void check_governor(const Examination& node, Findings& findings) {
  int others = 0;
  std::string example;
  for (const int cpu : node.topology.cpus()) {
    const auto governor = node.root.line(fmt::format("{}/cpu{}/cpufreq/scaling_governor", cpu_folder, cpu));
    if (!governor || *governor == "performance") continue;
    ++others;
    example = *governor;
  }
  if (others > 0)
    findings.add(Severity::warning, "governor",
                 fmt::format("The frequency governor of {} CPUs is {}.", others, example),
                 "Cores start slow and speed up under load: short operations look slower at first and vary.",
                 "cpupower frequency-set -g performance");
}

void check_turbo(const Examination& node, Findings& findings) {
  const auto no_turbo = node.root.number("/sys/devices/system/cpu/intel_pstate/no_turbo");
  const auto boost = node.root.number("/sys/devices/system/cpu/cpufreq/boost");
  constexpr auto what = "Turbo frequencies are on.";
  constexpr auto effect =
      "The clock follows temperature and the neighbours' load, so runs differ by a few per cent.";
  if (no_turbo && *no_turbo == 0)
    findings.add(Severity::info, "turbo", what, effect,
                 "echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo");
  else if (boost && *boost == 1)
    findings.add(Severity::info, "turbo", what, effect, "echo 0 > /sys/devices/system/cpu/cpufreq/boost");
}

void check_smt(const Examination& node, Findings& findings) {
  if (node.root.number("/sys/devices/system/cpu/smt/active") != 1) return;
  findings.add(
      Severity::info, "smt", "Every core runs two or more hardware threads.",
      "Whatever runs on a core's other thread slows a rank down unseen; ranks are bound to distinct cores.",
      "echo off > /sys/devices/system/cpu/smt/control");
}

void check_clock(const Examination& node, Findings& findings) {
  const std::string folder = "/sys/devices/system/clocksource/clocksource0/";
  const auto current = node.root.line(folder + "current_clocksource");
  constexpr std::array<std::string_view, 4> quick{"tsc", "kvm-clock", "arch_sys_counter",
                                                  "hyperv_clocksource_tsc_page"};
  if (!current || std::find(quick.begin(), quick.end(), *current) != quick.end()) return;
  const std::string sources = " " + node.root.line(folder + "available_clocksource").value_or("") + " ";
  const bool has_tsc = sources.find(" tsc ") != std::string::npos;
  findings.add(
      Severity::problem, "clock-source", fmt::format("The clock source is {}.", *current),
      "Reading the clock needs the kernel and takes about a microsecond: short operations are measured "
      "wrong.",
      has_tsc ? "echo tsc > " + folder + "current_clocksource"
              : "boot with clocksource=tsc tsc=reliable, after checking in dmesg why the kernel gave tsc up");
}

// The longest time that an idle core takes to wake up, of the states that are not disabled.
void check_idle_states(const Examination& node, Findings& findings) {
  const std::string folder = "/sys/devices/system/cpu/cpu0/cpuidle";
  std::int64_t longest_us = 0;
  for (const std::string& state : node.root.list(folder)) {
    if (node.root.number(folder + "/" + state + "/disable").value_or(0) != 0) continue;
    longest_us = std::max(longest_us, node.root.number(folder + "/" + state + "/latency").value_or(0));
  }
  if (longest_us <= 50) return;
  findings.add(Severity::info, "idle-states",
               fmt::format("Idle cores may sleep so deeply that they need {} us to wake.", longest_us),
               "A rank that blocks instead of spinning is late by up to that much.",
               "cpupower idle-set -D 10");
}

void check_numa_balancing(const Examination& node, Findings& findings) {
  if (node.topology.numa_nodes < 2 || node.root.number("/proc/sys/kernel/numa_balancing").value_or(0) == 0)
    return;
  findings.add(Severity::warning, "numa-balancing", "The kernel moves pages between NUMA nodes by itself.",
               "It unmaps pages to see who uses them: page faults land in the middle of measurements.",
               "sysctl -w kernel.numa_balancing=0");
}

}  // namespace

void check_processor(const Examination& node, Findings& findings) {
  check_clock(node, findings);
  check_governor(node, findings);
  check_numa_balancing(node, findings);
  check_turbo(node, findings);
  check_smt(node, findings);
  check_idle_states(node, findings);
}

}  // namespace podbench
