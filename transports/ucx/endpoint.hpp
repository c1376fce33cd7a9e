// One rank's UCX worker as an Endpoint: connections are made when a batch first names a peer.
#pragma once

#include <ucp/api/ucp.h>

#include <memory>
#include <vector>

#include "transports/transport.hpp"
#include "transports/ucx/batch.hpp"
#include "transports/ucx/worker.hpp"

namespace podbench::ucx {

class UcxEndpoint final : public Endpoint {
 public:
  UcxEndpoint(const OpenRequest& request, std::string_view device, Rendezvous& rendezvous);
  UcxEndpoint(const UcxEndpoint&) = delete;
  UcxEndpoint& operator=(const UcxEndpoint&) = delete;

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
  struct Peer {
    UcxEndpoint* owner = nullptr;
    int rank = -1;
    Blob address;
    ucp_ep_h endpoint = nullptr;
  };
  static void peer_failed(void* peer, ucp_ep_h endpoint, ucs_status_t status);

  [[nodiscard]] ucp_ep_h connect(int rank);
  void flush(Deadline deadline);

  Rendezvous& rendezvous_;
  Capabilities capabilities_;
  std::vector<Peer> peers_;
  UcxBatch::Graveyard graveyard_;
  Engine engine_;
  Worker worker_;  // destroyed first: with it UCX lets go of everything above
};

}  // namespace podbench::ucx
