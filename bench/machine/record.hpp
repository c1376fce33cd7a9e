// What is written down about a node with every run: everything that can change its numbers
// (docs/measuring.md). The attributes' names are stable, dotted and end in their unit; a new one needs no new
// schema.
//
// All text is printable ASCII and bounded, whatever the files and variables hold. A value that looks like a
// secret is masked. Thread-safety: pure reads of the system. Errors: what cannot be read is left out.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "bench/machine/noise.hpp"
#include "bench/machine/system_root.hpp"
#include "bench/machine/topology.hpp"
#include "results/record.hpp"

namespace podbench {

// This node as it is now, network counters ("nic.eth0.before.rx_bytes") included.
[[nodiscard]] NodeRecord record_node(const std::string& node);

// The same for any root and environment ("NAME=value" each).
[[nodiscard]] NodeRecord record_node(const std::string& node, const SystemRoot& root,
                                     const Topology& topology, std::span<const std::string> environment);

// Adds "nic.<name>.<when>.<counter>" and, for noise, "noise.<when>.<figure>"; `when` is "before" or "after".
void record_counters(const SystemRoot& root, std::string_view when, NodeRecord& record);
void record_noise(const NoiseReport& noise, std::string_view when, NodeRecord& record);

// Adds "pinning.ranks": which CPUs each rank of the node may use ("0-3: 0-7; 4: 8", ranks with the same CPUs
// together), and "pinning.why": the words of a Binding.
void record_pinning(const std::map<int, std::string>& cpus_of_rank, std::string_view why, NodeRecord& record);

// Whether a variable's name or value looks like something that nobody else should read.
[[nodiscard]] bool looks_secret(std::string_view name, std::string_view value);

// The variables that change what the network libraries do, secrets masked.
void record_environment(std::span<const std::string> environment, NodeRecord& record);

}  // namespace podbench
