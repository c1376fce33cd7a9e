// How many cores there are for how many ranks.
#pragma once

#include "transports/rendezvous.hpp"

namespace podbench {

// The cores that this process may use: its affinity mask, within its cgroup's quota rounded down; at least 1.
// Thread-safety: pure reads of the system.
[[nodiscard]] int usable_cores();

// The cores that the ranks of this rank's node have between them: their masks together, for each may be bound
// to a core of its own, within this process's quota. Collective, once a rendezvous, on the thread that will
// run the rank's cases, after it was bound.
[[nodiscard]] int cores_of_node(Rendezvous& rendezvous, Deadline deadline);

}  // namespace podbench
