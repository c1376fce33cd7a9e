#include "transports/cores.hpp"

#include <sched.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace podbench {
namespace {

constexpr int unlimited = std::numeric_limits<int>::max();

std::optional<std::int64_t> parse_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

// The number of CPUs in the kernel's list format, "0-3,8".
std::optional<int> count_cpu_list(std::string_view list) {
  std::int64_t count = 0;
  while (!list.empty()) {
    const std::string_view item = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), item.size() + 1));
    const std::size_t dash = item.find('-');
    const auto first = parse_number(item.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : parse_number(item.substr(dash + 1));
    if (!first || !last || *last < *first || *last > 1'000'000) return std::nullopt;
    count += *last - *first + 1;
  }
  return count > 0 ? std::optional(static_cast<int>(count)) : std::nullopt;
}

std::string first_line(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

// Whole cores that a "quota period" line allows; "max" is no limit.
int quota_cores(const std::string& cpu_max) {
  const std::size_t space = cpu_max.find(' ');
  if (space == std::string::npos) return unlimited;
  const auto quota = parse_number(std::string_view(cpu_max).substr(0, space));
  const auto period = parse_number(std::string_view(cpu_max).substr(space + 1));
  if (!quota || !period || *period == 0) return unlimited;
  return static_cast<int>(std::clamp<std::int64_t>(*quota / *period, 1, unlimited));
}

// This process's folder in the unified hierarchy, relative to the mount point.
std::filesystem::path own_cgroup() {
  std::ifstream in("/proc/self/cgroup");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with("0::/")) return line.substr(4);
  return {};
}

int affinity_cores() {
  cpu_set_t mask;
  CPU_ZERO(&mask);
  // Fails only where the machine has more CPUs than the mask has bits: then it is certainly no limit.
  return sched_getaffinity(0, sizeof mask, &mask) == 0 ? std::max(CPU_COUNT(&mask), 1) : CPU_SETSIZE;
}

}  // namespace

int usable_cores() {
  const std::filesystem::path mount = "/sys/fs/cgroup";
  int quota = unlimited;
  std::optional<int> cpuset;
  for (std::filesystem::path group = own_cgroup();; group = group.parent_path()) {
    quota = std::min(quota, quota_cores(first_line(mount / group / "cpu.max")));
    if (!cpuset) cpuset = count_cpu_list(first_line(mount / group / "cpuset.cpus.effective"));
    if (group.empty()) break;
  }
  return std::min(cpuset.value_or(affinity_cores()), quota);
}

}  // namespace podbench
