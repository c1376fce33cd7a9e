#include "transports/ucx/endpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "transports/opening.hpp"
#include "transports/ucx/memory.hpp"
#include "transports/ucx/status.hpp"
#include "transports/ucx/tag.hpp"

namespace podbench::ucx {

UcxEndpoint::UcxEndpoint(const OpenRequest& request, std::string_view device, Rendezvous& rendezvous)
    : rendezvous_(rendezvous), engine_{worker_, {}, false}, worker_(device, rendezvous, request.crowded) {
  capabilities_.put = capabilities_.get = true;
  std::vector<Blob> addresses =
      all_gather(rendezvous, opening_key(rendezvous, "ucx"), worker_.address(), request.deadline);
  peers_.resize(addresses.size());
  engine_.lost.resize(addresses.size(), UCS_OK);
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    if (addresses[i].empty())
      throw LostPeer(static_cast<int>(i), fmt::format("ucx: rank {} published no address", i));
    peers_[i].owner = this;
    peers_[i].rank = static_cast<int>(i);
    peers_[i].address = std::move(addresses[i]);
  }
}

// UCX calls this for a broken connection whatever the endpoint's error mode. The mode stays "none", because
// the other one forbids zero-copy rendezvous over sockets and so would change what is measured.
void UcxEndpoint::peer_failed(void* peer, ucp_ep_h, ucs_status_t status) {
  const Peer& lost = *static_cast<Peer*>(peer);
  lost.owner->engine_.lose(lost.rank, status);
}

ucp_ep_h UcxEndpoint::connect(int rank) {
  assert(rank >= 0 && rank < size());
  Peer& peer = peers_[static_cast<std::size_t>(rank)];
  if (peer.endpoint != nullptr) return peer.endpoint;
  ucp_ep_params_t params{};
  params.field_mask = UCP_EP_PARAM_FIELD_REMOTE_ADDRESS | UCP_EP_PARAM_FIELD_ERR_HANDLER;
  params.address = reinterpret_cast<const ucp_address_t*>(peer.address.data());
  params.err_handler.cb = peer_failed;
  params.err_handler.arg = &peer;
  const ucs_status_t status = ucp_ep_create(worker_.handle(), &params, &peer.endpoint);
  if (status != UCS_OK) {
    const RunError error = error_of(status, fmt::format("connect to rank {}", rank));
    throw LostPeer(rank, error.what(), error.native_code());
  }
  return peer.endpoint;
}

std::unique_ptr<Memory> UcxEndpoint::allocate(std::size_t bytes) {
  return std::make_unique<MappedMemory>(worker_, bytes);
}

std::unique_ptr<Memory> UcxEndpoint::adopt(std::byte* data, std::size_t bytes) {
  return std::make_unique<MappedMemory>(worker_, data, bytes);
}

Blob UcxEndpoint::expose(const Memory& memory) {
  return static_cast<const MappedMemory&>(memory).exposed();
}

std::unique_ptr<RemoteMemory> UcxEndpoint::attach(int peer, std::span<const std::byte> exposed) {
  return std::make_unique<PeerMemory>(connect(peer), exposed);
}

std::unique_ptr<Batch> UcxEndpoint::prepare(std::span<const Transfer> transfers) {
  auto flight = std::make_unique<Flight>(engine_);
  for (const Transfer& transfer : transfers) {
    Operation operation;
    operation.data = transfer.data;
    operation.bytes = transfer.bytes;
    operation.peer = transfer.peer;
    // A receive needs no connection from here, but made now it is not made in the middle of a measurement.
    operation.endpoint = connect(transfer.peer);
    if (const auto* remote = static_cast<const PeerMemory*>(transfer.remote); remote != nullptr) {
      assert(transfer.remote_offset <= remote->bytes() &&
             transfer.bytes <= remote->bytes() - transfer.remote_offset);
      operation.key = remote->key();
      operation.remote_address = remote->address() + transfer.remote_offset;
    }
    switch (transfer.kind) {
      case TransferKind::receive:
        operation.tag = tag_of(transfer.peer, transfer.tag);
        flight->receives.push_back(operation);
        break;
      case TransferKind::send:
        operation.tag = tag_of(rank(), transfer.tag);
        flight->sends.push_back(operation);
        break;
      case TransferKind::put:
        if (transfer.bytes == 0) break;
        flight->puts.push_back(operation);
        if (std::ranges::none_of(flight->flushes,
                                 [&](const Operation& o) { return o.peer == operation.peer; }))
          flight->flushes.push_back(operation);
        break;
      case TransferKind::get:
        if (transfer.bytes > 0) flight->gets.push_back(operation);
        break;
    }
  }
  return std::make_unique<UcxBatch>(std::move(flight), graveyard_);
}

void UcxEndpoint::block(std::chrono::microseconds span) {
  if (worker_.can_block())
    worker_.block(span);
  else
    Endpoint::block(span);
}

// Everything handed to UCX has left this rank for good.
void UcxEndpoint::flush(Deadline deadline) {
  ucp_request_param_t param{};
  const ucs_status_ptr_t request = ucp_worker_flush_nbx(worker_.handle(), &param);
  if (request == nullptr) return;
  if (UCS_PTR_IS_ERR(request)) throw error_of(UCS_PTR_STATUS(request), "flush before closing");
  ucs_status_t status = UCS_INPROGRESS;
  while ((status = ucp_request_check_status(request)) == UCS_INPROGRESS && !engine_.any_lost &&
         !deadline.passed())
    worker_.progress();
  for (int rank = 0; rank < size(); ++rank)
    if (const ucs_status_t lost = engine_.lost[static_cast<std::size_t>(rank)]; lost != UCS_OK)
      raise({lost, rank, "connection lost while closing"});
  if (status == UCS_INPROGRESS) throw RunError("ucx: closing: peers did not take everything in time");
  ucp_request_free(request);
  check(status, "flush before closing");
}

void UcxEndpoint::close(Deadline deadline) {
  flush(deadline);
  // A peer may still need this worker to answer until it has flushed, too.
  fence_progressing(rendezvous_, deadline, [this] { worker_.progress(); });
}

}  // namespace podbench::ucx
