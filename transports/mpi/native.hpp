// The library's own collectives, called as people call them: blocking. Non-blocking ones (MPI_Iallreduce) run
// other algorithms in both libraries, and persistent ones (MPI-4) exist in one of them only; a figure for
// "MPI's all-reduce" must be that of MPI_Allreduce. So post() runs the whole collective (NativeCollectives
// allows it), and a peer that hangs is found by whoever supervises the launch.
//
// Blocks of equal length that follow one another use the plain call (MPI_Alltoall), all others the call with
// counts (MPI_Alltoallv). Thread-safety, lifetime: as transport.hpp says. Errors: RunError; also for counts
// beyond the int of MPI's calls.
#pragma once

#include "transports/mpi/library.hpp"
#include "transports/transport.hpp"

namespace podbench::mpi {

class MpiCollectives final : public NativeCollectives {
 public:
  explicit MpiCollectives(MPI_Comm communicator) noexcept : communicator_(communicator) {}
  // Everything: bfloat16 and float16 are reduced by podbench's kernels as user-defined operations.
  [[nodiscard]] bool supports(Collective, DataType, Op) const noexcept override { return true; }
  [[nodiscard]] std::unique_ptr<Batch> prepare(const NativeCall& call) override;

 private:
  MPI_Comm communicator_;
};

}  // namespace podbench::mpi
