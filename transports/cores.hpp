// How many cores the ranks of this node have between them. Thread-safety: pure reads of the system.
#pragma once

namespace podbench {

// The cores of this process's cgroup (its cpuset and its quota, rounded down), at least 1. Where no cgroup
// says anything, the affinity mask. A mask that is narrower than the cpuset is taken for a launcher's binding
// of one rank, which says nothing about the node.
[[nodiscard]] int usable_cores();

}  // namespace podbench
