// A rank's open MPI transport: a communicator whose ranks are the launch's.
// Thread-safety, errors, lifetime: as transport.hpp says. MPI itself reports a lost peer by ending the
// process, so LostPeer is never thrown; whoever supervises the launch names the rank.
#pragma once

#include <memory>
#include <span>

#include "transports/mpi/library.hpp"
#include "transports/mpi/native.hpp"
#include "transports/mpi/window.hpp"
#include "transports/transport.hpp"

namespace podbench::mpi {

class MpiEndpoint final : public Endpoint {
 public:
  // Collective over MPI's world.
  explicit MpiEndpoint(const Rendezvous& rendezvous);
  ~MpiEndpoint() override;
  MpiEndpoint(const MpiEndpoint&) = delete;
  MpiEndpoint& operator=(const MpiEndpoint&) = delete;

  [[nodiscard]] int rank() const noexcept override { return rank_; }
  [[nodiscard]] int size() const noexcept override { return size_; }
  [[nodiscard]] const Capabilities& capabilities() const noexcept override { return capabilities_; }
  [[nodiscard]] std::unique_ptr<Memory> allocate(std::size_t bytes) override;
  [[nodiscard]] std::unique_ptr<Memory> adopt(std::byte* data, std::size_t bytes) override;
  [[nodiscard]] Blob expose(const Memory& memory) override;
  [[nodiscard]] std::unique_ptr<RemoteMemory> attach(int peer, std::span<const std::byte> exposed) override;
  [[nodiscard]] std::unique_ptr<Batch> prepare(std::span<const Transfer> transfers) override;
  [[nodiscard]] NativeCollectives* native() noexcept override { return &native_; }
  void close(Deadline deadline) override;

 private:
  int rank_;
  int size_;
  Capabilities capabilities_;
  MPI_Comm communicator_;
  std::unique_ptr<Window> window_;  // null where the library has none for these ranks
  MpiCollectives native_;
};

}  // namespace podbench::mpi
