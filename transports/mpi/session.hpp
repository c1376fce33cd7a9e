// MPI itself in this process: initialised when the first endpoint opens, finalised when the process ends in
// good order. MPI cannot be initialised twice, so it outlives the endpoints.
// Thread-safety: one thread. Errors: RunError.
#pragma once

#include "transports/mpi/library.hpp"
#include "transports/rendezvous.hpp"

namespace podbench::mpi {

// Collective over MPI's world: a communicator in which this process has the rank that the rendezvous gives
// it, whatever order the launcher started the processes in. Its errors are returned, not fatal.
[[nodiscard]] MPI_Comm open_communicator(const Rendezvous& rendezvous);

// An endpoint ended without its peers' consent: MPI_Finalize, which waits for them, is left out.
void forgo_finalize() noexcept;
[[nodiscard]] bool forgoes_finalize() noexcept;

}  // namespace podbench::mpi
