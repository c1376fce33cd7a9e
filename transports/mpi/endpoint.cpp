#include "transports/mpi/endpoint.hpp"

#include <sched.h>

#include "base/error.hpp"
#include "transports/host_memory.hpp"
#include "transports/mpi/batch.hpp"
#include "transports/mpi/session.hpp"

namespace podbench::mpi {

MpiEndpoint::MpiEndpoint(const Rendezvous& rendezvous)
    : rank_(rendezvous.rank()),
      size_(rendezvous.size()),
      communicator_(open_communicator(rendezvous)),
      native_(communicator_) {}

MpiEndpoint::~MpiEndpoint() {
  // Not closed: the peers may be gone, and everything that MPI could still do would wait for them.
  if (communicator_ != MPI_COMM_NULL) forgo_finalize();
}

std::unique_ptr<Memory> MpiEndpoint::allocate(std::size_t bytes) {
  return allocate_host_memory(bytes);
}

std::unique_ptr<Memory> MpiEndpoint::adopt(std::byte* data, std::size_t bytes) {
  return adopt_host_memory(data, bytes);
}

std::unique_ptr<Batch> MpiEndpoint::prepare(std::span<const Transfer> transfers) {
  return std::make_unique<MpiBatch>(communicator_, transfers);
}

void MpiEndpoint::close(Deadline deadline) {
  MPI_Request barrier = MPI_REQUEST_NULL;
  check(MPI_Ibarrier(communicator_, &barrier), "MPI_Ibarrier");
  for (int complete = 0;;) {
    check(MPI_Test(&barrier, &complete, MPI_STATUS_IGNORE), "MPI_Test");
    if (complete != 0) break;
    if (deadline.passed()) throw RunError("mpi: not all ranks have come to the end before the deadline");
    sched_yield();
  }
  check(MPI_Comm_free(&communicator_), "MPI_Comm_free");
}

}  // namespace podbench::mpi
