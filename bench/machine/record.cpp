#include "bench/machine/record.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "base/error.hpp"
#include "bench/machine/pinning.hpp"
#include "bench/machine/record_parts.hpp"

namespace podbench {
namespace {

// "0: 0-7,16-23; 1: 8-15,24-31": the CPUs of each NUMA node.
std::string cpus_by_numa(const Topology& topology) {
  std::map<int, std::vector<int>> cpus_of_numa;
  for (const Core& core : topology.cores) {
    std::vector<int>& cpus = cpus_of_numa[core.numa];
    cpus.insert(cpus.end(), core.cpus.begin(), core.cpus.end());
  }
  std::vector<std::string> parts;
  for (auto& [numa, cpus] : cpus_of_numa) {
    std::sort(cpus.begin(), cpus.end());
    parts.push_back(fmt::format("{}: {}", numa, format_cpus(cpus)));
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

void record_topology(const Topology& topology, NodeRecord& record) {
  record.attributes["cpu.packages"] = fmt::format("{}", topology.packages);
  record.attributes["cpu.cores"] = fmt::format("{}", topology.cores.size());
  record.attributes["cpu.threads"] = fmt::format("{}", topology.cpus().size());
  record.attributes["numa.nodes"] = fmt::format("{}", topology.numa_nodes);
  note(record, "numa.cpus", cpus_by_numa(topology));
  note(record, "cpu.caches", fmt::format("{}", fmt::join(topology.caches, ", ")));
  note(record, "cpu.topology", topology.synthetic);
  note(record, "library.hwloc", topology.hwloc_version);
}

std::vector<std::string> environment_here() {
  std::vector<std::string> environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry)
    environment.emplace_back(*entry);
  return environment;
}

}  // namespace

NodeRecord record_node(const std::string& node, const SystemRoot& root, const Topology& topology,
                       std::span<const std::string> environment) {
  NodeRecord record;
  record.node = node;
  record_topology(topology, record);
  record_processor(root, record);
  record_kernel(root, record);
  record_memory(root, record);
  record_containment(root, record);
  record_network(root, record);
  record_counters(root, "before", record);
  record_environment(environment, record);
  return record;
}

NodeRecord record_node(const std::string& node) {
  const std::vector<std::string> environment = environment_here();
  return record_node(node, SystemRoot(), read_topology(), environment);
}

void record_pinning(const std::map<int, std::string>& cpus_of_rank, std::string_view why,
                    NodeRecord& record) {
  std::map<std::string, std::vector<int>> ranks_of_cpus;
  for (const auto& [rank, cpus] : cpus_of_rank) ranks_of_cpus[cpus].push_back(rank);
  std::vector<std::pair<int, std::string>> parts;  // by lowest rank
  for (const auto& [cpus, ranks] : ranks_of_cpus)
    parts.emplace_back(ranks.front(), fmt::format("{}: {}", format_cpus(ranks), printable_ascii(cpus)));
  std::sort(parts.begin(), parts.end());
  std::vector<std::string> texts;
  for (auto& [rank, text] : parts) texts.push_back(std::move(text));
  note(record, "pinning.ranks", fmt::format("{}", fmt::join(texts, "; ")));
  note(record, "pinning.why", why);
}

void record_noise(const NoiseReport& noise, std::string_view when, NodeRecord& record) {
  const auto put = [&](const char* figure, const std::string& value) {
    record.attributes[fmt::format("noise.{}.{}", when, figure)] = value;
  };
  put("missing_ns_per_second", fmt::format("{:.0f}", noise.missing_ns_per_second));
  put("largest_interruption_ns", fmt::format("{}", noise.largest_interruption_ns));
  put("interruptions_per_second", fmt::format("{:.1f}", noise.interruptions_per_second));
  put("quantum_ns", fmt::format("{}", noise.quantum_ns));
}

}  // namespace podbench
