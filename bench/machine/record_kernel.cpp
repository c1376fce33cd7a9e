#include <gnu/libc-version.h>

#include "bench/machine/record_parts.hpp"

namespace podbench {
namespace {

std::string unquoted(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  return std::string(text);
}

std::string pretty_name(const SystemRoot& root) {
  const std::string release = root.read("/etc/os-release", 8192).value_or("");
  const std::size_t at = release.find("PRETTY_NAME=");
  if (at == std::string::npos) return {};
  const std::size_t begin = at + 12;
  return unquoted(trimmed(std::string_view(release).substr(begin, release.find('\n', begin) - begin)));
}

// "soft hard unit" behind the limit's name.
void record_limit(std::string_view limits, std::string_view key, const std::string& name,
                  const std::string& unit, NodeRecord& record) {
  const std::string_view both = value_of(limits, key);
  const std::string_view soft = both.substr(0, both.find(' '));
  const std::string_view rest = trimmed(both.substr(soft.size()));
  note(record, name + "_soft" + unit, soft);
  note(record, name + "_hard" + unit, rest.substr(0, rest.find(' ')));
}

}  // namespace

void record_kernel(const SystemRoot& root, NodeRecord& record) {
  note(record, "kernel.release", root.line("/proc/sys/kernel/osrelease"));
  note(record, "kernel.version", root.line("/proc/sys/kernel/version"));
  note(record, "kernel.numa_balancing", root.line("/proc/sys/kernel/numa_balancing"));
  note(record, "kernel.ptrace_scope", root.line("/proc/sys/kernel/yama/ptrace_scope"));
  note(record, "kernel.load_average", root.line("/proc/loadavg"));
  note(record, "os.name", pretty_name(root));
  note(record, "clock.source", root.line("/sys/devices/system/clocksource/clocksource0/current_clocksource"));
  note(record, "clock.sources",
       root.line("/sys/devices/system/clocksource/clocksource0/available_clocksource"));
  note(record, "library.glibc", std::string_view(gnu_get_libc_version()));
  note(record, "library.compiler", std::string_view(__VERSION__));
  if (const auto command_line = root.line("/proc/cmdline"))
    record.texts["kernel_command_line"] = *command_line;
  const std::string limits = root.read("/proc/self/limits", 8192).value_or("");
  record_limit(limits, "Max locked memory", "limits.memlock", "_bytes", record);
  record_limit(limits, "Max open files", "limits.open_files", "", record);
}

}  // namespace podbench
