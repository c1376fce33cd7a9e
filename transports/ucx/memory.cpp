#include "transports/ucx/memory.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>

#include "transports/exposed.hpp"
#include "transports/ucx/status.hpp"

namespace podbench::ucx {
namespace {

// The fixed part of an exposed memory; UCX's packed key follows.
struct Header {
  std::uint64_t address, bytes;
};

std::size_t page_bytes() {
  return static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

ucp_mem_h map(ucp_context_h context, void* address, std::size_t bytes, unsigned flags) {
  ucp_mem_map_params_t params{};
  params.field_mask = UCP_MEM_MAP_PARAM_FIELD_ADDRESS | UCP_MEM_MAP_PARAM_FIELD_LENGTH |
                      UCP_MEM_MAP_PARAM_FIELD_FLAGS | UCP_MEM_MAP_PARAM_FIELD_MEMORY_TYPE;
  params.address = address;
  params.length = bytes;
  params.flags = flags;
  params.memory_type = UCS_MEMORY_TYPE_HOST;
  ucp_mem_h handle = nullptr;
  check(ucp_mem_map(context, &params, &handle),
        fmt::format("{} {} bytes", flags == 0 ? "register" : "allocate", bytes));
  return handle;
}

}  // namespace

MappedMemory::MappedMemory(const Worker& worker, std::size_t bytes)
    : Memory(nullptr, bytes), context_(worker.context()) {
  if (bytes == 0) return;
  // Not every way in which UCX allocates gives whole pages.
  handle_ = map(context_, nullptr, bytes + page_bytes(), UCP_MEM_MAP_ALLOCATE);
  ucp_mem_attr_t attributes{};
  attributes.field_mask = UCP_MEM_ATTR_FIELD_ADDRESS;
  if (const ucs_status_t status = ucp_mem_query(handle_, &attributes); status != UCS_OK) {
    ucp_mem_unmap(context_, handle_);
    throw error_of(status, "find allocated memory");
  }
  const auto first = reinterpret_cast<std::uintptr_t>(attributes.address);
  const std::uintptr_t skip = (page_bytes() - first % page_bytes()) % page_bytes();
  data_ = static_cast<std::byte*>(attributes.address) + skip;
  std::memset(data_, 0, bytes);
}

MappedMemory::MappedMemory(const Worker& worker, std::byte* data, std::size_t bytes)
    : Memory(data, bytes), context_(worker.context()) {
  if (bytes > 0) handle_ = map(context_, data, bytes, 0);
}

MappedMemory::~MappedMemory() {
  if (handle_ != nullptr) ucp_mem_unmap(context_, handle_);
}

Blob MappedMemory::exposed() const {
  const Header header{reinterpret_cast<std::uintptr_t>(data_), bytes_};
  Blob blob = blob_of(header);
  if (handle_ == nullptr) return blob;
  void* key = nullptr;
  std::size_t key_bytes = 0;
  check(ucp_rkey_pack(context_, handle_, &key, &key_bytes), "pack a memory's key");
  const auto* first = static_cast<const std::byte*>(key);
  blob.insert(blob.end(), first, first + key_bytes);
  ucp_rkey_buffer_release(key);
  return blob;
}

PeerMemory::PeerMemory(ucp_ep_h endpoint, std::span<const std::byte> exposed) {
  if (exposed.size() < sizeof(Header)) throw RunError("ucx: a peer exposed memory without an address");
  const auto header = exposed_from<Header>("ucx", exposed.first(sizeof(Header)));
  address_ = header.address;
  bytes_ = header.bytes;
  if (bytes_ == 0) return;
  if (exposed.size() == sizeof(Header)) throw RunError("ucx: a peer exposed memory without a key");
  check(ucp_ep_rkey_unpack(endpoint, exposed.data() + sizeof(Header), &key_), "unpack a memory's key");
}

PeerMemory::~PeerMemory() {
  if (key_ != nullptr) ucp_rkey_destroy(key_);
}

}  // namespace podbench::ucx
