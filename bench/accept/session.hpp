// One rank's life in an acceptance: stage after stage, as the lead says. The lead plans each launch, judges
// what the spool holds after 10, 20 and 40 launches of a stage, and tells the others what comes next; so a
// director's ranks and those of a user's own mpirun or srun do the same.
// Thread-safety: one thread, once a process.
#pragma once

#include "base/error.hpp"
#include "bench/accept/order.hpp"
#include "transports/registry.hpp"
#include "transports/rendezvous.hpp"

namespace podbench::accept {

// Collective; `order` is equal on all ranks, and on the lead its spool is there. Returns good where all
// stages came to their end or to a closed gate, wrong_request where the ranks are not those of the pod. Does
// not return where the launch breaks.
[[nodiscard]] ExitCode run_stages(const AcceptOrder& order, Rendezvous& rendezvous, const Registry& registry);

// `podbench accept-rank`: a director's child.
[[nodiscard]] ExitCode run_accept_rank();

}  // namespace podbench::accept
