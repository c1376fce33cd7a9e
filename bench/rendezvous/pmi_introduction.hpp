// Introduction by PMI-1, the line protocol that MPICH's hydra (`mpiexec.mpich`) speaks on the inherited
// descriptor $PMI_FD: "cmd=<name> key=value ...\n" either way, one request at a time.
// Protocol: MPICH's documentation of "PMI version 1" and its wire protocol.
#pragma once

#include <memory>

#include "bench/rendezvous/introduction.hpp"

namespace podbench {

[[nodiscard]] std::unique_ptr<Introduction> introduced_by_pmi(Deadline deadline);

}  // namespace podbench
