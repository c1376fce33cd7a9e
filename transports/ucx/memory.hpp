// Memory that UCX knows, and what a peer needs to put into it or get from it.
// Thread-safety: one thread. Errors: RunError. Lifetime: before the Worker.
#pragma once

#include <ucp/api/ucp.h>

#include "transports/transport.hpp"
#include "transports/ucx/worker.hpp"

namespace podbench::ucx {

class MappedMemory final : public Memory {
 public:
  // New memory, zeroed and page-aligned, of the kind that UCX itself would choose for the worker's
  // transports: with shared memory its peers can map it.
  MappedMemory(const Worker& worker, std::size_t bytes);
  // The caller's memory.
  MappedMemory(const Worker& worker, std::byte* data, std::size_t bytes);
  ~MappedMemory() override;
  MappedMemory(const MappedMemory&) = delete;
  MappedMemory& operator=(const MappedMemory&) = delete;

  // Address, length and key, for PeerMemory on another rank.
  [[nodiscard]] Blob exposed() const;

 private:
  ucp_context_h context_;
  ucp_mem_h handle_ = nullptr;
};

class PeerMemory final : public RemoteMemory {
 public:
  // `exposed` comes from the peer that `endpoint` leads to. RunError where it cannot be what exposed() made.
  PeerMemory(ucp_ep_h endpoint, std::span<const std::byte> exposed);
  ~PeerMemory() override;
  PeerMemory(const PeerMemory&) = delete;
  PeerMemory& operator=(const PeerMemory&) = delete;

  [[nodiscard]] ucp_rkey_h key() const noexcept { return key_; }
  [[nodiscard]] std::uint64_t address() const noexcept { return address_; }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  std::uint64_t address_ = 0, bytes_ = 0;
  ucp_rkey_h key_ = nullptr;
};

}  // namespace podbench::ucx
