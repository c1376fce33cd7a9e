// The records of all nodes of a launch, brought to the lead.
//
// Each node's lowest rank speaks for it. All functions are collective, at most once a launch each; they give
// the lead the records in order of node, and the others nothing.
// Thread-safety: one thread. Errors: as the Rendezvous.
#pragma once

#include <vector>

#include "bench/launch_shape.hpp"
#include "bench/machine/pinning.hpp"
#include "results/record.hpp"

namespace podbench {

// What the nodes are.
[[nodiscard]] std::vector<NodeRecord> gather_nodes(Rendezvous& rendezvous, const LaunchShape& shape);

// Before the first case: what the nodes are, where their ranks run, and their noise while all ranks sleep.
// `binding` is the caller's.
[[nodiscard]] std::vector<NodeRecord> gather_nodes_before(Rendezvous& rendezvous, const LaunchShape& shape,
                                                          const Binding& binding);

// After the last case, with no endpoint open: the network counters and the noise, nothing else.
[[nodiscard]] std::vector<NodeRecord> gather_nodes_after(Rendezvous& rendezvous, const LaunchShape& shape);

}  // namespace podbench
