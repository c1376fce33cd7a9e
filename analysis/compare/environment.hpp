// What differs between what two sides ran on: to be read before any verdict. Thread-safety: pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "results/reader.hpp"

namespace podbench::compare {

struct EnvironmentDifference {
  std::string name;        // "kernel.release", "hosts", "libfabric"
  std::string where;       // the nodes; empty: everywhere
  std::string base, next;  // "(none)" where the side does not have it; several values with commas
};

// Whether an attribute of /env is a reading, which is another one each time it is taken: the machine's noise,
// counters before and after, load, what is free at the moment, and the numbers and places by which a scheduler
// or launcher knows a job. The only place that decides what of a node's record does not take part in a
// comparison, between runs or between nodes.
[[nodiscard]] bool is_reading(std::string_view attribute);

// Program, pod, launchers, hosts by rank, libraries of the launches, and every attribute of the nodes that is
// not a reading. Attributes are held against each other node by node where both sides ran on the same nodes,
// otherwise as what each side's nodes have among them. In the order in which they matter: the program first,
// then hosts, libraries, nodes by attribute.
[[nodiscard]] std::vector<EnvironmentDifference> environment_differences(
    std::span<const RunEnvironment> base, std::span<const RunEnvironment> next);

}  // namespace podbench::compare
