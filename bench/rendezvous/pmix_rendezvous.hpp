// Rendezvous through PMIx: under Open MPI's mpirun, `srun --mpi=pmix` or any other PMIx server.
//
// Loss of a rank is noticed by the launcher, which ends the others. A hung rank is found by its peers: a rank
// whose wait passes its deadline ends the launch with a message that names the peers it waited for; who of
// them hangs and who merely waits too is not known here, as there is no supervisor of ours.
// Thread-safety and errors: as transports/rendezvous.hpp says; native codes are PMIx's.
#pragma once

#include <memory>

#include "transports/rendezvous.hpp"

namespace podbench {

// Collective over all ranks of the PMIx namespace.
[[nodiscard]] std::unique_ptr<Rendezvous> join_pmix(Deadline deadline);

}  // namespace podbench
