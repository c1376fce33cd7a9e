// The shape of a node's processors, from hwloc, as plain data.
// Thread-safety: read_topology may run in any thread; the result is a value. Errors: RunError where hwloc
// fails.
#pragma once

#include <string>
#include <vector>

namespace podbench {

// A physical core and its hardware threads, by the kernel's CPU numbers; the first is the one to bind to.
struct Core {
  int package = 0;
  int numa = 0;
  std::vector<int> cpus;
};

struct Topology {
  std::vector<Core> cores;  // those with a CPU that the cgroup allows, in hwloc's order
  int packages = 0;
  int numa_nodes = 1;
  std::vector<std::string> caches;  // "L1d 32KiB x 2": size of one and how many
  std::string synthetic;            // hwloc's one-line description; lstopo draws it again
  std::string hwloc_version;

  [[nodiscard]] std::vector<int> cpus() const;  // of all cores, ascending
};

// This machine's topology, or the one of a synthetic description ("package:2 core:4 pu:2").
[[nodiscard]] Topology read_topology(const std::string& synthetic = {});

}  // namespace podbench
