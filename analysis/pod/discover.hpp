// A first pod file from what the nodes recorded of themselves: nodes and their ports, racks where the names
// tell them, one switch with the ports' rate, the usual limits. What only a person knows (the switches, what
// they are worth) stands in it as remarks, with what was found and what was guessed.
// Thread-safety: pure. Errors: RequestError where no node recorded itself.
#pragma once

#include <string>
#include <vector>

#include "results/record.hpp"

namespace podbench {

// The text parses (parse_pod), whatever the records hold. `name` is the pod's.
[[nodiscard]] std::string discovered_pod(const std::vector<NodeRecord>& nodes, const std::string& name);

}  // namespace podbench
