// Which CPUs a rank runs on. By default every rank gets a core of its own, neighbours in rank share a NUMA
// node and the nodes are filled evenly; where there are more ranks than cores or other nodes use the same
// cores nobody is bound, and where a launcher has already bound the rank more tightly that is left alone.
// Thread-safety: choosing is pure; applying binds the calling thread and the threads that it starts later.
// Errors: RequestError for a wrong
// --bind, RunError where the kernel refuses.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bench/machine/topology.hpp"

namespace podbench {

// What --bind says.
struct BindChoice {
  enum class Kind { automatic, none, core, numa, list } kind = Kind::automatic;
  std::vector<int> cpus;  // of a list: rank i on this node gets the i-th, starting again at the end
};
// "auto" (or nothing), "none", "core", "numa", or CPU numbers such as "0-3,8".
[[nodiscard]] BindChoice parse_bind(std::string_view text);

struct Binding {
  std::vector<int> cpus;  // empty: not bound
  std::string why;        // a few words for the record
};

// `allowed` is the affinity that the rank was started with. Ranks of a node are numbered from 0.
[[nodiscard]] Binding choose_binding(const Topology& topology, const std::vector<int>& allowed,
                                     const BindChoice& choice, int rank_on_node, int ranks_on_node);

void apply_binding(const Binding& binding);

// All of it for this machine: parse, choose, apply. `node_of_rank` numbers every rank's node.
Binding pin_rank(std::span<const int> node_of_rank, int rank, std::string_view bind);

// "0-3,8" and back. Parsing throws RequestError; at most 65536 numbers below 65536.
[[nodiscard]] std::string format_cpus(const std::vector<int>& cpus);
[[nodiscard]] std::vector<int> parse_cpus(std::string_view text);

}  // namespace podbench
