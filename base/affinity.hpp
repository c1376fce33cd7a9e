// Which CPUs a thread may run on. Thread-safety: any thread; reads and binds the one that calls.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace podbench {

// CPUs are numbered below this: what the kernel may need on the largest machines.
inline constexpr int most_cpus = 65'536;

// The CPUs that the calling thread may run on, ascending. RunError where the kernel does not say.
[[nodiscard]] std::vector<int> current_affinity();

// Binds the calling thread, and those that it starts later, to CPUs below most_cpus. RunError "<doing>: …"
// where the kernel refuses.
void bind_thread(std::span<const int> cpus, const std::string& doing);

// Whether other nodes use this node's CPUs too, as it is where nodes are namespaces or containers of one
// machine: $PODBENCH_SHARED_CORES is set to anything but 0. No rank then has a core of its own, however few
// there are.
[[nodiscard]] bool cores_are_shared();

}  // namespace podbench
