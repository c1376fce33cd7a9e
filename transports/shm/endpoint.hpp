// One rank's endpoint of the shared-memory transport.
#pragma once

#include "transports/shm/engine.hpp"
#include "transports/transport.hpp"

namespace podbench::shm {

class ShmEndpoint final : public Endpoint {
 public:
  // Collective over the rendezvous; all ranks must be on one node.
  ShmEndpoint(Rendezvous& rendezvous, Deadline deadline);
  [[nodiscard]] int rank() const noexcept override { return rendezvous_.rank(); }
  [[nodiscard]] int size() const noexcept override { return rendezvous_.size(); }
  [[nodiscard]] const Capabilities& capabilities() const noexcept override { return capabilities_; }
  [[nodiscard]] std::unique_ptr<Memory> allocate(std::size_t bytes) override;
  [[nodiscard]] std::unique_ptr<Memory> adopt(std::byte* data, std::size_t bytes) override;
  [[nodiscard]] Blob expose(const Memory& memory) override;
  [[nodiscard]] std::unique_ptr<RemoteMemory> attach(int peer, std::span<const std::byte> exposed) override;
  [[nodiscard]] std::unique_ptr<Batch> prepare(std::span<const Transfer> transfers) override;
  void block(std::chrono::microseconds span) override { engine_->block(span); }
  void close(Deadline deadline) override;

 private:
  Rendezvous& rendezvous_;
  Descriptor file_;
  Mapping mapping_;
  MemoryBook book_;
  Capabilities capabilities_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace podbench::shm
