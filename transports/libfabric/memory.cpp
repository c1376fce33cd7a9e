#include "transports/libfabric/memory.hpp"

#include <fmt/format.h>

#include <atomic>

#include "transports/exposed.hpp"
#include "transports/host_memory.hpp"
#include "transports/libfabric/error.hpp"

namespace podbench::libfabric {
namespace {

struct Exposed {
  std::uint64_t address, bytes, key;
};

// Keys for providers that let the caller choose: unique within the process.
std::uint64_t next_key() {
  static std::atomic<std::uint64_t> key = 1;
  return key++;
}

}  // namespace

RegisteredMemory::RegisteredMemory(const Port& port, std::size_t bytes)
    : RegisteredMemory(port, allocate_host_memory(bytes)) {}

RegisteredMemory::RegisteredMemory(const Port& port, std::unique_ptr<Memory> owned)
    : RegisteredMemory(port, owned->data(), owned->bytes()) {
  owned_ = std::move(owned);
}

RegisteredMemory::RegisteredMemory(const Port& port, std::byte* data, std::size_t bytes)
    : Memory(data, bytes), virtual_addresses_(port.has_memory_mode(FI_MR_VIRT_ADDR)) {
  if (bytes > 0 && (port.one_sided() || port.has_memory_mode(FI_MR_LOCAL))) register_with(port);
}

void RegisteredMemory::register_with(const Port& port) {
  std::uint64_t access = FI_SEND | FI_RECV;
  if (port.one_sided()) access |= FI_READ | FI_WRITE | FI_REMOTE_READ | FI_REMOTE_WRITE;
  const std::uint64_t key = port.has_memory_mode(FI_MR_PROV_KEY) ? 0 : next_key();
  fid_mr* region = nullptr;
  check(fi_mr_reg(port.domain(), data_, bytes_, access, 0, key, 0, &region, nullptr),
        fmt::format("register {} bytes", bytes_));
  region_.reset(region);
  if (port.has_memory_mode(FI_MR_ENDPOINT)) {
    check(fi_mr_bind(region, &port.endpoint()->fid, 0), "bind memory to the endpoint");
    check(fi_mr_enable(region), "enable registered memory");
  }
  if (port.has_memory_mode(FI_MR_LOCAL)) descriptor_ = fi_mr_desc(region);
}

Blob RegisteredMemory::exposed() const {
  const Exposed exposed{virtual_addresses_ ? reinterpret_cast<std::uintptr_t>(data_) : 0, bytes_,
                        region_ ? fi_mr_key(region_.get()) : 0};
  return blob_of(exposed);
}

PeerMemory::PeerMemory(std::span<const std::byte> exposed) {
  const auto remote = exposed_from<Exposed>("libfabric", exposed);
  address_ = remote.address;
  bytes_ = remote.bytes;
  key_ = remote.key;
}

}  // namespace podbench::libfabric
