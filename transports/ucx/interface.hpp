// Which network interface a launch goes through. Thread-safety: pure reads of the system.
#pragma once

#include <string>

#include "transports/rendezvous.hpp"

namespace podbench::ucx {

// The interface that has the rendezvous's address; on a single node without a known address the loopback;
// empty where the ranks are on several nodes and nothing is known. RunError where no interface of this node
// has the address.
[[nodiscard]] std::string interface_for(const Rendezvous& rendezvous);

}  // namespace podbench::ucx
