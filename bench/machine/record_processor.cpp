#include <fmt/format.h>

#include <map>

#include "base/affinity.hpp"
#include "base/reduce.hpp"
#include "bench/machine/record_parts.hpp"

namespace podbench {
namespace {

constexpr std::string_view cpu_folder = "/sys/devices/system/cpu";

// The values that a file of every CPU has, most often "performance"; where they differ each with its count.
std::string values_of_all_cpus(const SystemRoot& root, std::string_view file) {
  std::map<std::string, int> counts;
  for (const std::string& name : root.list(cpu_folder)) {
    if (!name.starts_with("cpu") || name.find_first_not_of("0123456789", 3) != std::string::npos) continue;
    if (const auto value = root.line(fmt::format("{}/{}/{}", cpu_folder, name, file))) ++counts[*value];
  }
  if (counts.size() == 1) return counts.begin()->first;
  std::string all;
  for (const auto& [value, count] : counts)
    all += fmt::format("{}{} x {}", all.empty() ? "" : ", ", value, count);
  return all;
}

// "on", "off", or nothing where the machine does not say.
std::string_view turbo(const SystemRoot& root) {
  if (const auto off = root.number("/sys/devices/system/cpu/intel_pstate/no_turbo"))
    return *off != 0 ? "off" : "on";
  if (const auto on = root.number("/sys/devices/system/cpu/cpufreq/boost")) return *on != 0 ? "on" : "off";
  return {};
}

std::string_view on_or_off(std::optional<std::int64_t> value) {
  return !value ? std::string_view() : *value != 0 ? "on" : "off";
}

}  // namespace

void record_processor(const SystemRoot& root, NodeRecord& record) {
  const std::string info = root.read("/proc/cpuinfo", 4096).value_or("");
  record.texts["cpuinfo"] = info.substr(0, info.find("\n\n"));
  note(record, "cpu.model", value_of(info, "model name"));
  note(record, "cpu.vendor", value_of(info, "vendor_id"));
  note(record, "cpu.implementer", value_of(info, "CPU implementer"));  // AArch64
  note(record, "cpu.part", value_of(info, "CPU part"));
  note(record, "cpu.microcode", value_of(info, "microcode"));
  note(record, "cpu.online", root.line("/sys/devices/system/cpu/online"));
  note(record, "cpu.shared_cores", std::string_view(cores_are_shared() ? "1" : ""));
  note(record, "cpu.isolated", root.line("/sys/devices/system/cpu/isolated"));
  note(record, "cpu.governor", values_of_all_cpus(root, "cpufreq/scaling_governor"));
  note(record, "cpu.frequency_driver", root.line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_driver"));
  note(record, "cpu.frequency_min_khz", values_of_all_cpus(root, "cpufreq/scaling_min_freq"));
  note(record, "cpu.frequency_max_khz", values_of_all_cpus(root, "cpufreq/scaling_max_freq"));
  note(record, "cpu.energy_preference", values_of_all_cpus(root, "cpufreq/energy_performance_preference"));
  note(record, "cpu.turbo", turbo(root));
  note(record, "cpu.smt", on_or_off(root.number("/sys/devices/system/cpu/smt/active")));
  note(record, "cpu.idle_driver", root.line("/sys/devices/system/cpu/cpuidle/current_driver"));
  note(record, "cpu.reduction_width", std::string_view(reducer_width()));
}

}  // namespace podbench
