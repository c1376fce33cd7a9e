#include "transports/mpi/endpoint.hpp"

#include <sched.h>

#include "base/error.hpp"
#include "transports/host_memory.hpp"
#include "transports/mpi/batch.hpp"
#include "transports/mpi/memory.hpp"
#include "transports/mpi/session.hpp"

namespace podbench::mpi {

MpiEndpoint::MpiEndpoint(const Rendezvous& rendezvous)
    : rank_(rendezvous.rank()),
      size_(rendezvous.size()),
      communicator_(open_communicator(rendezvous)),
      window_(Window::open(communicator_, capabilities_.one_sided_missing)),
      native_(communicator_) {
  capabilities_.put = capabilities_.get = window_ != nullptr;
}

MpiEndpoint::~MpiEndpoint() {
  // Not closed: the peers may be gone, and everything that MPI could still do would wait for them.
  if (communicator_ != MPI_COMM_NULL) forgo_finalize();
}

std::unique_ptr<Memory> MpiEndpoint::allocate(std::size_t bytes) {
  return std::make_unique<WindowMemory>(allocate_host_memory(bytes), window_.get());
}

std::unique_ptr<Memory> MpiEndpoint::adopt(std::byte* data, std::size_t bytes) {
  return std::make_unique<WindowMemory>(adopt_host_memory(data, bytes), window_.get());
}

Blob MpiEndpoint::expose(const Memory& memory) {
  return static_cast<const WindowMemory&>(memory).exposed();
}

std::unique_ptr<RemoteMemory> MpiEndpoint::attach(int, std::span<const std::byte> exposed) {
  return std::make_unique<PeerMemory>(exposed);
}

std::unique_ptr<Batch> MpiEndpoint::prepare(std::span<const Transfer> transfers) {
  return std::make_unique<MpiBatch>(communicator_, window_ ? window_->handle() : MPI_WIN_NULL, transfers);
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
  if (window_) window_->close();
  check(MPI_Comm_free(&communicator_), "MPI_Comm_free");
}

}  // namespace podbench::mpi
