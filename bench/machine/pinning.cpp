#include "bench/machine/pinning.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/affinity.hpp"
#include "base/error.hpp"
#include "bench/machine/system_root.hpp"

namespace podbench {
namespace {

// The cores with only the CPUs that are in `allowed`.
std::vector<Core> allowed_cores(const Topology& topology, const std::vector<int>& allowed) {
  std::vector<Core> cores;
  for (Core core : topology.cores) {
    std::erase_if(core.cpus,
                  [&](int cpu) { return !std::binary_search(allowed.begin(), allowed.end(), cpu); });
    if (!core.cpus.empty()) cores.push_back(std::move(core));
  }
  return cores;
}

// The cores by NUMA node, nodes without one left out.
std::vector<std::vector<Core>> by_numa(const std::vector<Core>& cores) {
  std::vector<std::vector<Core>> nodes;
  for (const Core& core : cores) {
    if (nodes.size() <= static_cast<std::size_t>(core.numa))
      nodes.resize(static_cast<std::size_t>(core.numa) + 1);
    nodes[static_cast<std::size_t>(core.numa)].push_back(core);
  }
  std::erase_if(nodes, [](const std::vector<Core>& node) { return node.empty(); });
  return nodes;
}

struct Seat {
  std::size_t node;
  std::size_t place;    // among the ranks of that node
  std::size_t sitters;  // ranks of that node
};

// Ranks are dealt to nodes as evenly as their cores allow, neighbours together.
Seat seat_of(const std::vector<std::vector<Core>>& nodes, std::size_t rank, std::size_t ranks) {
  std::vector<std::size_t> sitters(nodes.size(), 0);
  for (std::size_t dealt = 0, node = 0; dealt < ranks; node = (node + 1) % nodes.size())
    if (sitters[node] < nodes[node].size()) ++sitters[node], ++dealt;
  for (std::size_t node = 0;; rank -= sitters[node], ++node)
    if (rank < sitters[node]) return {node, rank, sitters[node]};
}

Binding one_core(const std::vector<Core>& cores, std::size_t rank, std::size_t ranks) {
  const auto nodes = by_numa(cores);
  const Seat seat = seat_of(nodes, rank, ranks);
  const std::vector<Core>& node = nodes[seat.node];
  // CPU 0 answers most interrupts: leave it free while there is another core.
  const bool skip_first = node.front().cpus.front() == 0 && seat.sitters < node.size();
  return {{node[seat.place + (skip_first ? 1 : 0)].cpus.front()}, "a core a rank"};
}

Binding one_numa(const std::vector<Core>& cores, std::size_t rank, std::size_t ranks) {
  const auto nodes = by_numa(cores);
  const std::vector<Core>& node = nodes[rank * nodes.size() / ranks];
  Binding binding{{}, "a NUMA node a rank"};
  for (const Core& core : node) binding.cpus.insert(binding.cpus.end(), core.cpus.begin(), core.cpus.end());
  std::sort(binding.cpus.begin(), binding.cpus.end());
  return binding;
}

Binding from_list(const std::vector<int>& list, const std::vector<int>& allowed, std::size_t rank) {
  const int cpu = list[rank % list.size()];
  if (!std::binary_search(allowed.begin(), allowed.end(), cpu))
    throw RequestError(
        fmt::format("--bind: CPU {} cannot be used here; allowed are {}", cpu, format_cpus(allowed)));
  return {{cpu}, "the list of --bind"};
}

}  // namespace

std::string format_cpus(const std::vector<int>& cpus) {
  std::string text;
  for (std::size_t i = 0; i < cpus.size();) {
    std::size_t last = i;
    while (last + 1 < cpus.size() && cpus[last + 1] == cpus[last] + 1) ++last;
    if (!text.empty()) text += ',';
    text += last == i ? fmt::format("{}", cpus[i]) : fmt::format("{}-{}", cpus[i], cpus[last]);
    i = last + 1;
  }
  return text;
}

std::vector<int> parse_cpus(std::string_view text) {
  const auto refuse = [&] {
    throw RequestError(fmt::format("\"{}\" is not a list of CPUs; write numbers and ranges, as in 0-3,8",
                                   printable_ascii(text.substr(0, 60))));
  };
  std::vector<int> cpus;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string_view item = text.substr(begin, end - begin);
    const std::size_t dash = item.find('-');
    const auto first = whole_number(item.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : whole_number(item.substr(dash + 1));
    if (!first || !last || *first < 0 || *last < *first || *last >= most_cpus ||
        cpus.size() + static_cast<std::size_t>(*last - *first) >= most_cpus)
      refuse();
    for (std::int64_t cpu = *first; cpu <= *last; ++cpu) cpus.push_back(static_cast<int>(cpu));
    begin = end + 1;
  }
  return cpus;
}

BindChoice parse_bind(std::string_view text) {
  using Kind = BindChoice::Kind;
  if (text.empty() || text == "auto") return {Kind::automatic, {}};
  if (text == "none") return {Kind::none, {}};
  if (text == "core") return {Kind::core, {}};
  if (text == "numa") return {Kind::numa, {}};
  if (text.front() < '0' || text.front() > '9')
    throw RequestError(fmt::format("--bind {}: write auto, none, core, numa or a list of CPUs such as 0-3,8",
                                   printable_ascii(text.substr(0, 60))));
  return {Kind::list, parse_cpus(text)};
}

Binding choose_binding(const Topology& topology, const std::vector<int>& allowed, const BindChoice& choice,
                       int rank_on_node, int ranks_on_node) {
  const auto rank = static_cast<std::size_t>(rank_on_node), ranks = static_cast<std::size_t>(ranks_on_node);
  const std::vector<Core> cores = allowed_cores(topology, allowed);
  using Kind = BindChoice::Kind;
  if (choice.kind == Kind::none) return {{}, "--bind none"};
  if (choice.kind == Kind::list) return from_list(choice.cpus, allowed, rank);
  if (cores.empty()) return {{}, "no core is known"};
  if (choice.kind == Kind::numa) return one_numa(cores, rank, ranks);
  if (cores.size() >= ranks) return one_core(cores, rank, ranks);
  if (choice.kind == Kind::core)
    throw RequestError(fmt::format(
        "--bind core: {} ranks on a node with {} cores to use; write --bind none or at most {} ranks", ranks,
        cores.size(), cores.size()));
  if (allowed.size() < topology.cpus().size()) return {{}, "as the launcher bound it"};
  return {{}, "more ranks than cores"};
}

void apply_binding(const Binding& binding) {
  if (binding.cpus.empty()) return;
  bind_thread(binding.cpus, "binding a rank to CPU " + format_cpus(binding.cpus));
}

Binding pin_rank(std::span<const int> node_of_rank, int rank, std::string_view bind) {
  const auto me = node_of_rank.begin() + rank;
  const auto ranks_on_node = static_cast<int>(std::count(node_of_rank.begin(), node_of_rank.end(), *me));
  const auto rank_on_node = static_cast<int>(std::count(node_of_rank.begin(), me, *me));
  const BindChoice choice = parse_bind(bind);
  if (choice.kind == BindChoice::Kind::automatic && cores_are_shared())
    return {{}, "other nodes use the same cores"};
  Binding binding = choose_binding(read_topology(), current_affinity(), choice, rank_on_node, ranks_on_node);
  apply_binding(binding);
  return binding;
}

}  // namespace podbench
