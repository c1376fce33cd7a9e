// One rank's libfabric endpoint as an Endpoint.
//
// Sends and receives match by libfabric's tags, which carry the sender's rank and the transfer's tag: no
// provider needs to look an address up to match a message.
#pragma once

#include <memory>
#include <vector>

#include "transports/libfabric/batch.hpp"
#include "transports/libfabric/port.hpp"
#include "transports/transport.hpp"

namespace podbench::libfabric {

class FabricEndpoint final : public Endpoint {
 public:
  FabricEndpoint(const OpenRequest& request, std::string_view device, Rendezvous& rendezvous);
  FabricEndpoint(const FabricEndpoint&) = delete;
  FabricEndpoint& operator=(const FabricEndpoint&) = delete;

  [[nodiscard]] int rank() const noexcept override { return rendezvous_.rank(); }
  [[nodiscard]] int size() const noexcept override { return rendezvous_.size(); }
  [[nodiscard]] const Capabilities& capabilities() const noexcept override { return capabilities_; }
  [[nodiscard]] std::unique_ptr<Memory> allocate(std::size_t bytes) override;
  [[nodiscard]] std::unique_ptr<Memory> adopt(std::byte* data, std::size_t bytes) override;
  [[nodiscard]] Blob expose(const Memory& memory) override;
  [[nodiscard]] std::unique_ptr<RemoteMemory> attach(int peer, std::span<const std::byte> exposed) override;
  [[nodiscard]] std::unique_ptr<Batch> prepare(std::span<const Transfer> transfers) override;
  void block(std::chrono::microseconds span) override;
  void close(Deadline deadline) override;

 private:
  FabricEndpoint(const OpenRequest& request, std::string_view device, Rendezvous& rendezvous,
                 const std::string& key);
  [[nodiscard]] Operation operation_of(const Transfer& transfer) const;
  [[nodiscard]] std::uint64_t tag_of(int sender, std::uint16_t tag) const noexcept;

  Rendezvous& rendezvous_;
  Capabilities capabilities_;
  std::vector<fi_addr_t> addresses_;  // by rank
  FabricBatch::Graveyard graveyard_;
  Port port_;  // destroyed before the graveyard: with it the provider lets go of what is there
  Engine engine_;
};

}  // namespace podbench::libfabric
