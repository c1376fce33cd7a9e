#include "transports/cores.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "base/affinity.hpp"

namespace podbench {
namespace {

constexpr int unlimited = std::numeric_limits<int>::max();

std::optional<std::int64_t> parse_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
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

// The quota of this process's cgroup and of those above it.
int quota_cores() {
  const std::filesystem::path mount = "/sys/fs/cgroup";
  int cores = unlimited;
  for (std::filesystem::path group = own_cgroup();; group = group.parent_path()) {
    cores = std::min(cores, quota_cores(first_line(mount / group / "cpu.max")));
    if (group.empty()) return cores;
  }
}

// One bit a CPU, the first in the lowest bit of the first byte; no zero bytes at the end.
Blob affinity_mask() {
  Blob mask;
  for (const int cpu : current_affinity()) {
    mask.resize(static_cast<std::size_t>(cpu / 8 + 1));
    mask.back() |= std::byte{1} << cpu % 8;
  }
  return mask;
}

void unite(Blob& all, const Blob& more) {
  all.resize(std::max(all.size(), more.size()));
  for (std::size_t i = 0; i < more.size(); ++i) all[i] |= more[i];
}

int count(const Blob& mask) {
  int cores = 0;
  for (const std::byte byte : mask) cores += std::popcount(std::to_integer<unsigned>(byte));
  return cores;
}

}  // namespace

int usable_cores() {
  return std::max(std::min(count(affinity_mask()), quota_cores()), 1);
}

int cores_of_node(Rendezvous& rendezvous, Deadline deadline) {
  constexpr std::string_view key = "affinity";
  rendezvous.publish(key, affinity_mask());
  rendezvous.fence(deadline);
  Blob together;
  for (int rank = 0; rank < rendezvous.size(); ++rank)
    if (rendezvous.node(rank) == rendezvous.node(rendezvous.rank()))
      unite(together, rendezvous.lookup(rank, key, deadline));
  return std::max(std::min(count(together), quota_cores()), 1);
}

}  // namespace podbench
