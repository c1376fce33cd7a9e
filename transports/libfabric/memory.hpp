// Memory as libfabric wants it registered, and what a peer needs to put into it or get from it.
// Thread-safety: one thread. Errors: RunError. Lifetime: before the Port.
#pragma once

#include <memory>

#include "transports/libfabric/handles.hpp"
#include "transports/libfabric/port.hpp"
#include "transports/transport.hpp"

namespace podbench::libfabric {

class RegisteredMemory final : public Memory {
 public:
  // New host memory.
  RegisteredMemory(const Port& port, std::size_t bytes);
  // The caller's memory.
  RegisteredMemory(const Port& port, std::byte* data, std::size_t bytes);

  // What local operations must name; null where the provider needs nothing.
  [[nodiscard]] void* descriptor() const noexcept { return descriptor_; }
  // Address, length and key, for PeerMemory on another rank.
  [[nodiscard]] Blob exposed() const;

 private:
  RegisteredMemory(const Port& port, std::unique_ptr<Memory> owned);
  void register_with(const Port& port);

  std::unique_ptr<Memory> owned_;  // null where the memory is the caller's
  Handle<fid_mr> region_;          // null for zero bytes and where the provider registers nothing
  void* descriptor_ = nullptr;
  bool virtual_addresses_;
};

class PeerMemory final : public RemoteMemory {
 public:
  // RunError where `exposed` cannot be what exposed() made.
  explicit PeerMemory(std::span<const std::byte> exposed);

  [[nodiscard]] std::uint64_t key() const noexcept { return key_; }
  [[nodiscard]] std::uint64_t address() const noexcept { return address_; }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

 private:
  std::uint64_t address_ = 0, bytes_ = 0, key_ = 0;
};

}  // namespace podbench::libfabric
