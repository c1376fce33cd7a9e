// Whether the node is a whole machine: hypervisor, container, control-group limits.
#include <fmt/format.h>

#include "bench/machine/record_parts.hpp"

namespace podbench {
namespace {

std::string container(const SystemRoot& root) {
  if (root.exists("/.dockerenv")) return "docker";
  if (root.exists("/run/.containerenv")) return "podman";
  if (const auto systemd = root.line("/run/systemd/container")) return *systemd;
  if (root.exists("/.singularity.d")) return "apptainer";
  return {};
}

bool has_hypervisor_flag(const SystemRoot& root) {
  const std::string info = root.read("/proc/cpuinfo", 8192).value_or("");
  const std::string_view flags = value_of(info, "flags");
  return flags.find(" hypervisor ") != std::string_view::npos || flags.ends_with(" hypervisor");
}

}  // namespace

std::string cgroup_folder(const SystemRoot& root) {
  const std::string groups = root.read("/proc/self/cgroup", 16 * 1024).value_or("");
  const std::size_t at = groups.starts_with("0::") ? 0 : groups.find("\n0::");
  if (at == std::string::npos) return {};
  const std::size_t begin = groups.find("::", at) + 2;
  const std::string path(trimmed(std::string_view(groups).substr(begin, groups.find('\n', begin) - begin)));
  const bool plain = path.size() > 1 && path.front() == '/' && path.find("..") == std::string::npos;
  return plain ? path : std::string();
}

void record_containment(const SystemRoot& root, NodeRecord& record) {
  note(record, "machine.vendor", root.line("/sys/class/dmi/id/sys_vendor"));
  note(record, "machine.product", root.line("/sys/class/dmi/id/product_name"));
  note(record, "machine.hypervisor", root.line("/sys/hypervisor/type"));
  note(record, "machine.virtual", std::string_view(has_hypervisor_flag(root) ? "yes" : "no"));
  note(record, "machine.container", container(root));
  const std::string group = "/sys/fs/cgroup" + cgroup_folder(root);
  for (const char* file : {"cpu.max", "cpu.weight", "cpuset.cpus.effective", "memory.max"})
    note(record, fmt::format("cgroup.{}", file), root.line(group + "/" + file));
  // Version 1 keeps a quota apart from its period.
  note(record, "cgroup.cpu.cfs_quota_us", root.line("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"));
}

}  // namespace podbench
