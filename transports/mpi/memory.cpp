#include "transports/mpi/memory.hpp"

#include <cassert>

#include "transports/exposed.hpp"

namespace podbench::mpi {
namespace {

struct Exposed {
  std::uint64_t address, bytes;
};

}  // namespace

WindowMemory::WindowMemory(std::unique_ptr<Memory> memory, Window* window)
    : Memory(memory->data(), memory->bytes()), memory_(std::move(memory)), window_(window) {}

WindowMemory::~WindowMemory() {
  if (attached_) window_->detach(data_, bytes_);
}

Blob WindowMemory::exposed() const {
  assert(window_ != nullptr && "expose() without the put or get capability");
  Exposed exposed{0, bytes_};
  if (bytes_ > 0) {
    if (!attached_) window_->attach(data_, bytes_);
    attached_ = true;
    MPI_Aint address = 0;
    check(MPI_Get_address(data_, &address), "MPI_Get_address");
    exposed.address = static_cast<std::uint64_t>(address);
  }
  return blob_of(exposed);
}

PeerMemory::PeerMemory(std::span<const std::byte> exposed) {
  const auto remote = exposed_from<Exposed>("mpi", exposed);
  address_ = static_cast<MPI_Aint>(remote.address);
  bytes_ = remote.bytes;
}

MPI_Aint PeerMemory::address_at(std::uint64_t offset) const noexcept {
  return MPI_Aint_add(address_, static_cast<MPI_Aint>(offset));
}

}  // namespace podbench::mpi
