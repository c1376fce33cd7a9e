#include "bench/machine/doctor.hpp"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <array>
#include <map>
#include <thread>

#include "bench/machine/checks.hpp"

namespace podbench {
namespace {

std::optional<std::uint64_t> free_bytes_of(const std::string& folder) {
  struct statvfs state {};
  if (statvfs(folder.c_str(), &state) != 0) return std::nullopt;
  return static_cast<std::uint64_t>(state.f_bavail) * state.f_frsize;
}

// Attributes that nodes of one pod should share, and what comes of it when they do not.
struct SharedAttribute {
  std::string_view name;  // a name, or the end of one that starts with "nic."
  Severity severity;
  std::string_view effect;
};
constexpr std::array<SharedAttribute, 9> shared_attributes{{
    {"cpu.model", Severity::warning, "The slower processor sets the pace of every collective."},
    {"cpu.cores", Severity::warning, "Ranks are not spread alike over the nodes."},
    {"cpu.governor", Severity::warning, "Nodes speed up at different moments."},
    {"cpu.smt", Severity::info, "Cores of one node share what cores of another have to themselves."},
    {"kernel.release", Severity::warning, "Drivers and schedulers differ, and with them latencies."},
    {"clock.source", Severity::warning, "Reading the clock costs more on some nodes than on others."},
    {"memory.thp", Severity::info, "Large buffers lie on different page sizes."},
    {".mtu_bytes", Severity::problem,
     "Packets are fragmented or lost on the way, and large messages hang or crawl."},
    {".rate_mbps", Severity::warning, "The slowest link sets the pace."},
}};

bool concerns(const SharedAttribute& shared, std::string_view attribute) {
  return shared.name.front() == '.' ? attribute.starts_with("nic.") && attribute.ends_with(shared.name)
                                    : attribute == shared.name;
}

// Whether the attribute of an interface ("nic.eth0.mtu_bytes") is of one with hardware that is up; others
// carry no traffic of the pod.
bool in_use(const NodeRecord& node, const std::string& attribute) {
  if (!attribute.starts_with("nic.")) return true;
  const std::string nic = attribute.substr(0, attribute.rfind('.'));
  const auto state = node.attributes.find(nic + ".state");
  return node.attributes.contains(nic + ".driver") && state != node.attributes.end() && state->second == "up";
}

// The nodes by their value of an attribute; nodes without it are left out.
using NodesByValue = std::map<std::string, std::vector<std::string>>;
NodesByValue nodes_by_value(std::span<const NodeRecord> nodes, const std::string& attribute) {
  NodesByValue result;
  for (const NodeRecord& node : nodes) {
    const auto it = node.attributes.find(attribute);
    if (it != node.attributes.end() && in_use(node, attribute)) result[it->second].push_back(node.node);
  }
  return result;
}

// One finding for every node that is not with the most.
void tell_apart(const SharedAttribute& shared, const std::string& attribute, const NodesByValue& values,
                std::vector<MachineFinding>& findings) {
  const auto most = std::max_element(values.begin(), values.end(), [](const auto& a, const auto& b) {
    return a.second.size() < b.second.size();
  });
  for (const auto& [value, nodes] : values)
    for (const std::string& node : nodes)
      if (value != most->first)
        findings.push_back(
            {node, "differs", shared.severity,
             fmt::format("{} is {}; {} nodes have {}.", attribute, value, most->second.size(), most->first),
             std::string(shared.effect), fmt::format("make {} of all nodes equal", attribute)});
}

}  // namespace

std::vector<MachineFinding> examine_node(const Examination& examination) {
  Findings findings(examination.node);
  check_processor(examination, findings);
  check_others(examination, findings);
  check_memory(examination, findings);
  check_limits(examination, findings);
  check_network(examination, findings);
  std::vector<MachineFinding> all = findings.take();
  sort_findings(all);
  return all;
}

Examination examination_here(std::string node, int ranks_on_node, std::vector<UnusableTransport> unusable,
                             std::chrono::milliseconds span) {
  Examination examination{
      std::move(node), SystemRoot(), read_topology(), ranks_on_node, std::move(unusable), {}, {}, {}};
  const LoadReading before = read_load();
  std::this_thread::sleep_for(span);
  examination.load = load_between(before, read_load());
  examination.noise = measure_noise(span);
  examination.shm_free_bytes = free_bytes_of("/dev/shm");
  return examination;
}

std::vector<MachineFinding> compare_nodes(std::span<const NodeRecord> nodes) {
  std::map<std::string, const SharedAttribute*> attributes;
  for (const NodeRecord& node : nodes)
    for (const auto& [name, value] : node.attributes)
      for (const SharedAttribute& shared : shared_attributes)
        if (concerns(shared, name)) attributes[name] = &shared;
  std::vector<MachineFinding> findings;
  for (const auto& [name, shared] : attributes)
    if (const NodesByValue values = nodes_by_value(nodes, name); values.size() > 1)
      tell_apart(*shared, name, values, findings);
  sort_findings(findings);
  return findings;
}

}  // namespace podbench
