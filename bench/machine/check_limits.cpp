// What this process may not do: lock memory, open files, read its neighbours' memory.
#include <fmt/format.h>

#include "base/quantity.hpp"
#include "bench/machine/checks.hpp"

namespace podbench {
namespace {

// The soft limit of a line of /proc/self/limits; empty where it is unlimited or unknown.
std::optional<std::int64_t> soft_limit(const SystemRoot& root, std::string_view name) {
  const std::string limits = root.read("/proc/self/limits", 8192).value_or("");
  const std::string_view value = value_of(limits, name);
  return whole_number(value.substr(0, value.find(' ')));
}

void check_locked_memory(const Examination& node, Findings& findings) {
  const auto limit = soft_limit(node.root, "Max locked memory");
  constexpr std::int64_t enough_bytes = 1ll << 30;
  if (!limit || *limit < 0 || *limit >= enough_bytes) return;
  const bool has_rdma = !node.root.list("/sys/class/infiniband").empty();
  findings.add(
      has_rdma ? Severity::problem : Severity::info, "memlock",
      fmt::format("A process may lock {} of memory.", format_bytes(static_cast<std::uint64_t>(*limit))),
      has_rdma ? "RDMA transports must lock their buffers: they fail, or fall back to copies."
               : "Without an RDMA device nothing here needs more; with one, registering buffers would fail.",
      "ulimit -l unlimited (for good: \"* - memlock unlimited\" in /etc/security/limits.conf)");
}

void check_open_files(const Examination& node, Findings& findings) {
  const auto limit = soft_limit(node.root, "Max open files");
  constexpr std::int64_t comfortable = 4096;
  if (!limit || *limit < 0 || *limit >= comfortable) return;
  findings.add(
      Severity::info, "open-files", fmt::format("A process may open {} files.", *limit),
      fmt::format("A connection takes one: transports with one a peer end near {} ranks.", *limit - 64),
      "ulimit -n 65536");
}

// CAP_SYS_PTRACE lifts every scope but 3.
bool may_trace(const SystemRoot& root) {
  constexpr unsigned cap_sys_ptrace = 19;
  const std::string status = root.read("/proc/self/status", 8192).value_or("");
  const std::string mask(value_of(status, "CapEff"));
  return mask.size() == 16 && mask.find_first_not_of("0123456789abcdef") == std::string::npos &&
         (std::stoull(mask, nullptr, 16) >> cap_sys_ptrace & 1) != 0;
}

void check_ptrace(const Examination& node, Findings& findings) {
  const std::int64_t scope = node.root.number("/proc/sys/kernel/yama/ptrace_scope").value_or(0);
  if (scope < 1 || (scope < 3 && may_trace(node.root))) return;
  findings.add(
      Severity::warning, "ptrace-scope", fmt::format("kernel.yama.ptrace_scope is {}.", scope),
      "Ranks may not read each other's memory: single-copy transports (ucx:cma, libfabric's shm) fall back "
      "to two copies or fail.",
      scope >= 3 ? "set kernel.yama.ptrace_scope=0 in /etc/sysctl.d and reboot: 3 cannot be undone before"
                 : "sysctl -w kernel.yama.ptrace_scope=0");
}

}  // namespace

void check_limits(const Examination& node, Findings& findings) {
  check_ptrace(node, findings);
  check_locked_memory(node, findings);
  check_open_files(node, findings);
}

}  // namespace podbench
