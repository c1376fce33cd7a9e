// Which pod was accepted: 16 hex digits over what the pod file declares and what the nodes were found to be.
// The same pod gives the same on every machine; a cable, a rate, a limit, a kernel or an MTU that changes
// gives another. 64-bit FNV-1a. Thread-safety: pure.
#pragma once

#include <string>

#include "analysis/pod/pod.hpp"
#include "results/record.hpp"

namespace podbench::accept {

[[nodiscard]] std::string fingerprint_of(const Pod& pod, const Run& run);

// Whether an attribute of a node belongs to what it is rather than to how it was at a moment (inventory.cpp).
[[nodiscard]] bool is_inventory(std::string_view attribute);

}  // namespace podbench::accept
