#include "transports/libfabric/endpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cassert>

#include "base/error.hpp"
#include "transports/libfabric/memory.hpp"
#include "transports/opening.hpp"

namespace podbench::libfabric {
namespace {

constexpr int tag_bits = std::bit_width(static_cast<unsigned>(largest_tag));

// A key that is a file name, too.
std::string name_of(const Rendezvous& rendezvous, std::string key) {
  std::ranges::replace(key, '/', '-');
  return fmt::format("{}-{}-{}", rendezvous.launch_id(), key, rendezvous.rank());
}

// The highest bits that a tag format leaves free are the provider's.
void check_tag_bits(const fi_info& info, int ranks) {
  const int available = static_cast<int>(std::bit_width(info.ep_attr->mem_tag_format));
  const int needed = tag_bits + std::bit_width(static_cast<unsigned>(ranks - 1));
  if (needed > available)
    throw RunError(fmt::format("libfabric: {} has tags of {} bits, and {} ranks need {}",
                               info.fabric_attr->prov_name, available, ranks, needed));
}

}  // namespace

FabricEndpoint::FabricEndpoint(const OpenRequest& request, std::string_view device, Rendezvous& rendezvous)
    : FabricEndpoint(request, device, rendezvous, opening_key(rendezvous, "libfabric")) {}

FabricEndpoint::FabricEndpoint(const OpenRequest& request, std::string_view device, Rendezvous& rendezvous,
                               const std::string& key)
    : rendezvous_(rendezvous),
      port_(device, rendezvous, name_of(rendezvous, key), request.crowded),
      engine_(port_) {
  check_tag_bits(port_.info(), rendezvous.size());
  capabilities_.put = capabilities_.get = port_.one_sided();
  capabilities_.largest_message = port_.info().ep_attr->max_msg_size;
  const std::vector<Blob> addresses = all_gather(rendezvous, key, port_.address(), request.deadline);
  for (int rank = 0; rank < rendezvous.size(); ++rank)
    addresses_.push_back(port_.insert(rank, addresses[static_cast<std::size_t>(rank)]));
}

std::unique_ptr<Memory> FabricEndpoint::allocate(std::size_t bytes) {
  return std::make_unique<RegisteredMemory>(port_, bytes);
}

std::unique_ptr<Memory> FabricEndpoint::adopt(std::byte* data, std::size_t bytes) {
  return std::make_unique<RegisteredMemory>(port_, data, bytes);
}

Blob FabricEndpoint::expose(const Memory& memory) {
  return static_cast<const RegisteredMemory&>(memory).exposed();
}

std::unique_ptr<RemoteMemory> FabricEndpoint::attach(int, std::span<const std::byte> exposed) {
  return std::make_unique<PeerMemory>(exposed);
}

std::uint64_t FabricEndpoint::tag_of(int sender, std::uint16_t tag) const noexcept {
  return (static_cast<std::uint64_t>(static_cast<unsigned>(sender)) << tag_bits) | tag;
}

Operation FabricEndpoint::operation_of(const Transfer& transfer) const {
  assert(transfer.peer >= 0 && transfer.peer < size() && transfer.tag <= largest_tag);
  Operation operation;
  operation.data = transfer.data;
  operation.bytes = transfer.bytes;
  operation.peer = transfer.peer;
  operation.address = addresses_[static_cast<std::size_t>(transfer.peer)];
  if (const auto* memory = static_cast<const RegisteredMemory*>(transfer.memory); memory != nullptr)
    operation.descriptor = memory->descriptor();
  if (const auto* remote = static_cast<const PeerMemory*>(transfer.remote); remote != nullptr) {
    assert(transfer.remote_offset <= remote->bytes() &&
           transfer.bytes <= remote->bytes() - transfer.remote_offset);
    operation.remote_address = remote->address() + transfer.remote_offset;
    operation.key = remote->key();
  }
  switch (transfer.kind) {
    case TransferKind::receive:
      operation.kind = Kind::receive;
      operation.tag = tag_of(transfer.peer, transfer.tag);
      break;
    case TransferKind::send:
      operation.kind = transfer.bytes <= port_.info().tx_attr->inject_size ? Kind::inject : Kind::send;
      operation.tag = tag_of(rank(), transfer.tag);
      break;
    case TransferKind::put:
      operation.kind = Kind::put;
      break;
    case TransferKind::get:
      operation.kind = Kind::get;
      break;
  }
  return operation;
}

std::unique_ptr<Batch> FabricEndpoint::prepare(std::span<const Transfer> transfers) {
  auto flight = std::make_unique<Flight>(engine_);
  for (const Transfer& transfer : transfers) {
    const bool one_sided = transfer.kind == TransferKind::put || transfer.kind == TransferKind::get;
    if (!one_sided || transfer.bytes > 0) flight->operations.push_back(operation_of(transfer));
  }
  std::ranges::stable_partition(flight->operations,
                                [](const Operation& operation) { return operation.kind == Kind::receive; });
  return std::make_unique<FabricBatch>(std::move(flight), port_, graveyard_);
}

void FabricEndpoint::block(std::chrono::microseconds span) {
  if (port_.can_block() && engine_.waiting == 0)
    port_.block(span);
  else
    Endpoint::block(span);
}

// What was injected leaves while this rank makes progress, and it does until every rank has received all that
// it expects.
void FabricEndpoint::close(Deadline deadline) {
  fence_progressing(rendezvous_, deadline, [this] { engine_.progress(); });
}

}  // namespace podbench::libfabric
