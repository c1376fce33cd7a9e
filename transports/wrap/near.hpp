// An endpoint whose messages within a node go over a transport of their own, for what is measured within all
// nodes at once while one rank of the launch leads.
//
// Thread-safety: as an endpoint's. What it can do: send and receive, nothing one-sided, mapped or native.
#pragma once

#include <memory>

#include "transports/transport.hpp"
#include "transports/wrap/node_rendezvous.hpp"

namespace podbench {

// `far` connects all ranks of the launch, `near` those of this rank's node: it was opened over `node`, which
// outlives the result. Messages of a rank to itself are near.
[[nodiscard]] std::unique_ptr<Endpoint> with_near(std::unique_ptr<Endpoint> far,
                                                  std::unique_ptr<Endpoint> near, NodeRendezvous& node);

}  // namespace podbench
