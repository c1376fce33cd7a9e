// The records of all nodes of a launch, brought to the lead.
// Thread-safety: one thread. Errors: as the Rendezvous.
#pragma once

#include <vector>

#include "bench/launch_shape.hpp"
#include "results/record.hpp"

namespace podbench {

// Collective, once a launch: each node's lowest rank writes its record, the lead gets them all in order of
// node; empty on the others.
[[nodiscard]] std::vector<NodeRecord> gather_nodes(Rendezvous& rendezvous, const LaunchShape& shape);

}  // namespace podbench
