// Introduction by PMIx: under Open MPI's mpirun, `srun --mpi=pmix` or any other PMIx server.
#pragma once

#include <memory>

#include "bench/rendezvous/introduction.hpp"

namespace podbench {

[[nodiscard]] std::unique_ptr<Introduction> introduced_by_pmix();

}  // namespace podbench
