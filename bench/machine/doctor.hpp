// The doctor: what about a node will spoil numbers, what that does to them, and the command that mends it.
//
// Every check reads /proc and /sys below a root, so that each is tested with files that have its trouble and
// files that have not. Thread-safety: pure reads. Errors: none of its own; what cannot be read is not judged.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bench/machine/finding.hpp"
#include "bench/machine/load.hpp"
#include "bench/machine/noise.hpp"
#include "bench/machine/system_root.hpp"
#include "bench/machine/topology.hpp"
#include "results/record.hpp"

namespace podbench {

struct UnusableTransport {
  std::string spec;    // "libfabric:verbs"
  std::string reason;  // the transport's own line, with the way to mend it
};

// A node to examine: its files, and what is in no file.
struct Examination {
  std::string node;
  SystemRoot root;
  Topology topology;
  int ranks_on_node = 0;  // 0: not known
  std::vector<UnusableTransport> unusable;
  std::optional<LoadShares> load;
  std::optional<NoiseReport> noise;
  std::optional<std::uint64_t> shm_free_bytes;  // of /dev/shm
};

// Worst first.
[[nodiscard]] std::vector<MachineFinding> examine_node(const Examination& examination);

// This machine, with its load and its noise looked at for `span` each.
[[nodiscard]] Examination examination_here(std::string node, int ranks_on_node,
                                           std::vector<UnusableTransport> unusable,
                                           std::chrono::milliseconds span = std::chrono::milliseconds(300));

// What differs between nodes that should be equal: kernel, processor, clock source, MTU, governor, libraries.
[[nodiscard]] std::vector<MachineFinding> compare_nodes(std::span<const NodeRecord> nodes);

}  // namespace podbench
