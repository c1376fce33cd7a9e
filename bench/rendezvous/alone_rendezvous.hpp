// The rendezvous of a launch of one rank that nobody else supervises: everything is local.
// Thread-safety and errors: as transports/rendezvous.hpp says.
#pragma once

#include <memory>

#include "transports/rendezvous.hpp"

namespace podbench {

[[nodiscard]] std::unique_ptr<Rendezvous> join_alone();

}  // namespace podbench
