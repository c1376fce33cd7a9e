#include "analysis/compare/environment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>

namespace podbench::compare {
namespace {

using Values = std::set<std::string>;
using Facts = std::map<std::string, Values>;

// What one side ran on: a name -> the values that its runs have for it.
struct SideFacts {
  Facts run, hosts, libraries;
  std::map<std::string, Facts> nodes;
};

// "launch.3.kernel.release" is what a later launch found of kernel.release.
std::string_view without_launch(std::string_view name) {
  if (!name.starts_with("launch.")) return name;
  const std::size_t dot = name.find('.', 7);
  return dot == std::string_view::npos ? name : name.substr(dot + 1);
}

void add(const RunEnvironment& run, SideFacts& facts) {
  facts.run["podbench"].insert(fmt::format("{} ({})", run.run.program_version, run.run.git_revision));
  facts.run["pod"].insert(run.run.pod);
  for (const LaunchRecord& launch : run.launches) {
    facts.run["launcher"].insert(launch.launcher);
    for (std::size_t rank = 0; rank < launch.hosts.size(); ++rank)
      facts.hosts[fmt::format("rank {}", rank)].insert(launch.hosts[rank]);
    for (const auto& [name, version] : launch.versions) facts.libraries[name].insert(version);
  }
  for (const NodeRecord& node : run.nodes)
    for (const auto& [name, value] : node.attributes)
      if (const std::string_view plain = without_launch(name); !is_reading(plain))
        facts.nodes[node.node][std::string(plain)].insert(value);
}

SideFacts facts_of(std::span<const RunEnvironment> runs) {
  SideFacts facts;
  for (const RunEnvironment& run : runs) add(run, facts);
  return facts;
}

std::string text(const Facts& facts, const std::string& name) {
  const auto found = facts.find(name);
  if (found == facts.end()) return "(none)";
  return fmt::format("{}", fmt::join(found->second, ", "));
}

void add_differences(const Facts& base, const Facts& next, const std::string& where,
                     std::vector<EnvironmentDifference>& differences) {
  Values names;
  for (const Facts* facts : {&base, &next})
    for (const auto& [name, values] : *facts) names.insert(name);
  for (const std::string& name : names) {
    const auto a = base.find(name), b = next.find(name);
    if (a != base.end() && b != next.end() && a->second == b->second) continue;
    differences.push_back({name, where, text(base, name), text(next, name)});
  }
}

// Several launches of a side need not have the same hosts: a rank that only one side has is no difference of
// hosts but of cases.
void keep_shared(Facts& base, Facts& next) {
  std::erase_if(base, [&next](const auto& fact) { return !next.contains(fact.first); });
  std::erase_if(next, [&base](const auto& fact) { return !base.contains(fact.first); });
}

Facts together(const std::map<std::string, Facts>& nodes) {
  Facts all;
  for (const auto& [node, facts] : nodes)
    for (const auto& [name, values] : facts) all[name].insert(values.begin(), values.end());
  return all;
}

bool same_nodes(const SideFacts& base, const SideFacts& next) {
  return std::equal(base.nodes.begin(), base.nodes.end(), next.nodes.begin(), next.nodes.end(),
                    [](const auto& a, const auto& b) { return a.first == b.first; });
}

// The first few of many, and how many more there are.
std::string few_of(const std::vector<std::string>& words) {
  constexpr std::size_t few = 4;
  if (words.size() <= few) return fmt::format("{}", fmt::join(words, ", "));
  return fmt::format("{} and {} more", fmt::join(words.begin(), words.begin() + few, ", "),
                     words.size() - few);
}

// One line for all nodes that differ alike.
std::vector<EnvironmentDifference> merged(const std::vector<EnvironmentDifference>& differences,
                                          std::size_t nodes) {
  std::map<std::tuple<std::string, std::string, std::string>, std::vector<std::string>> nodes_of;
  for (const EnvironmentDifference& one : differences)
    nodes_of[{one.name, one.base, one.next}].push_back(one.where);
  std::vector<EnvironmentDifference> result;
  for (const auto& [what, where] : nodes_of)
    result.push_back({std::get<0>(what), where.size() == nodes ? "" : few_of(where), std::get<1>(what),
                      std::get<2>(what)});
  return result;
}

// One line for all ranks that sit elsewhere.
void add_hosts(Facts base, Facts next, std::vector<EnvironmentDifference>& differences) {
  keep_shared(base, next);
  std::vector<EnvironmentDifference> by_rank;
  add_differences(base, next, "", by_rank);
  if (by_rank.empty()) return;
  std::vector<std::string> before, after;
  for (const EnvironmentDifference& one : by_rank) {
    before.push_back(fmt::format("{} on {}", one.name, one.base));
    after.push_back(fmt::format("{} on {}", one.name, one.next));
  }
  differences.push_back({"hosts", "", few_of(before), few_of(after)});
}

}  // namespace

bool is_reading(std::string_view attribute) {
  static constexpr std::array<std::string_view, 8> beginnings = {
      "noise.",         "env.SLURM_JOB",          "env.SLURM_STEP",         "env.PMIX_",
      "env.OMPI_COMM_", "env.OMPI_FILE_LOCATION", "env.OMPI_MCA_ess_base_", "env.OMPI_MCA_orte_"};
  static constexpr std::array<std::string_view, 4> wholes = {
      "kernel.load_average", "memory.available_bytes", "memory.swap_free_bytes", "memory.hugepages_free"};
  const auto contains = [attribute](std::string_view part) {
    return attribute.find(part) != std::string_view::npos;
  };
  return contains(".before.") || contains(".after.") ||
         std::any_of(beginnings.begin(), beginnings.end(),
                     [attribute](std::string_view begin) { return attribute.starts_with(begin); }) ||
         std::find(wholes.begin(), wholes.end(), attribute) != wholes.end();
}

std::vector<EnvironmentDifference> environment_differences(std::span<const RunEnvironment> base,
                                                           std::span<const RunEnvironment> next) {
  const SideFacts a = facts_of(base), b = facts_of(next);
  std::vector<EnvironmentDifference> differences;
  add_differences(a.run, b.run, "", differences);
  add_hosts(a.hosts, b.hosts, differences);
  add_differences(a.libraries, b.libraries, "", differences);
  if (!same_nodes(a, b)) {
    add_differences(together(a.nodes), together(b.nodes), "", differences);
    return differences;
  }
  std::vector<EnvironmentDifference> of_nodes;
  for (const auto& [node, facts] : a.nodes) add_differences(facts, b.nodes.at(node), node, of_nodes);
  for (EnvironmentDifference& difference : merged(of_nodes, a.nodes.size()))
    differences.push_back(std::move(difference));
  return differences;
}

}  // namespace podbench::compare
