#include "endpoint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include "base/error.hpp"
#include "transports/host_memory.hpp"
#include "transports/opening.hpp"

namespace toy {

using podbench::RunError;
using podbench::Transfer;
using podbench::TransferKind;

class ToyBatch final : public podbench::Batch {
 public:
  ToyBatch(ToyEndpoint& endpoint, std::span<const Transfer> transfers)
      : endpoint_(endpoint), transfers_(transfers.begin(), transfers.end()) {}

  ~ToyBatch() override {
    if (pending_ != 0) endpoint_.forget(*this);
  }
  ToyBatch(const ToyBatch&) = delete;
  ToyBatch& operator=(const ToyBatch&) = delete;

  void post() override {
    assert(pending_ == 0);
    pending_ = transfers_.size();
    for (const Transfer& transfer : transfers_) endpoint_.start(transfer, *this);
  }
  [[nodiscard]] bool test() override {
    endpoint_.progress();
    return pending_ == 0;
  }
  void one_done() { --pending_; }

 private:
  ToyEndpoint& endpoint_;
  std::vector<Transfer> transfers_;
  std::size_t pending_ = 0;
};

ToyEndpoint::ToyEndpoint(podbench::Rendezvous& rendezvous, podbench::Deadline deadline)
    : rendezvous_(rendezvous), peers_(static_cast<std::size_t>(rendezvous.size())) {
  capabilities_.largest_message = std::size_t{1} << 30;
  for (int rank = 0; rank < size(); ++rank)
    if (rendezvous.node(rank) != rendezvous.node(this->rank()))
      throw RunError(
          fmt::format("toy works within one node; rank {} runs on {}", rank, rendezvous.host(rank)));
  mailbox_.set_peers(
      all_gather(rendezvous, podbench::opening_key(rendezvous, "toy"), mailbox_.name(), deadline));
}

std::unique_ptr<podbench::Memory> ToyEndpoint::allocate(std::size_t bytes) {
  return podbench::allocate_host_memory(bytes);
}

std::unique_ptr<podbench::Memory> ToyEndpoint::adopt(std::byte* data, std::size_t bytes) {
  return podbench::adopt_host_memory(data, bytes);
}

std::unique_ptr<podbench::Batch> ToyEndpoint::prepare(std::span<const Transfer> transfers) {
  return std::make_unique<ToyBatch>(*this, transfers);
}

void ToyEndpoint::start(const Transfer& transfer, ToyBatch& batch) {
  Peer& peer = peers_[static_cast<std::size_t>(transfer.peer)];
  if (transfer.kind == TransferKind::send) {
    assert(transfer.bytes <= capabilities_.largest_message);
    if (peer.cut_short)
      throw RunError(
          fmt::format("rank {} still waits for the rest of a message that was given up", transfer.peer));
    peer.sends.push_back({&transfer, &batch});
    send_parcels(transfer.peer);
    return;
  }
  assert(transfer.kind == TransferKind::receive);
  std::deque<Message>& arrived = peer.arrived[transfer.tag];
  if (arrived.empty()) {
    peer.receives[transfer.tag].push_back({&transfer, &batch});
    return;
  }
  finish({&transfer, &batch}, arrived.front());
  arrived.pop_front();
}

void ToyEndpoint::forget(const ToyBatch& batch) {
  const auto is_of_batch = [&batch](const Pending& pending) { return pending.batch == &batch; };
  for (Peer& peer : peers_) {
    if (!peer.sends.empty() && is_of_batch(peer.sends.front()) && peer.sends.front().sent_bytes > 0)
      peer.cut_short = true;
    std::erase_if(peer.sends, is_of_batch);
    for (auto& [tag, receives] : peer.receives) std::erase_if(receives, is_of_batch);
  }
}

void ToyEndpoint::progress() {
  while (const auto parcel = mailbox_.try_receive()) take(*parcel);
  for (int peer = 0; peer < size(); ++peer) send_parcels(peer);
}

void ToyEndpoint::send_parcels(int to) {
  Peer& peer = peers_[static_cast<std::size_t>(to)];
  while (!peer.sends.empty()) {
    Pending& send = peer.sends.front();
    const std::span<const std::byte> all(send.transfer->data, send.transfer->bytes);
    const auto rest = all.subspan(send.sent_bytes);
    const auto parcel = rest.first(std::min(rest.size(), Mailbox::parcel_bytes));
    if (!mailbox_.try_send(to, {all.size(), send.transfer->tag}, parcel)) return;
    send.sent_bytes += parcel.size();
    if (send.sent_bytes < all.size()) continue;
    send.batch->one_done();
    peer.sends.pop_front();
  }
}

// Parcels of one sender come in order and messages are never mixed, so what has no beginning of its own
// belongs to the message under way.
void ToyEndpoint::take(const Mailbox::Parcel& parcel) {
  Peer& peer = peers_[static_cast<std::size_t>(parcel.peer)];
  const std::uint64_t expected = parcel.label.message_bytes;
  if (parcel.label.tag > podbench::largest_tag || expected > capabilities_.largest_message ||
      peer.arriving.size() + parcel.bytes.size() > expected)
    throw RunError(fmt::format("rank {} sent a parcel that fits no message", parcel.peer));
  peer.arriving.insert(peer.arriving.end(), parcel.bytes.begin(), parcel.bytes.end());
  if (peer.arriving.size() < expected) return;
  const Message message = std::exchange(peer.arriving, {});
  const auto tag = static_cast<std::uint16_t>(parcel.label.tag);
  std::deque<Pending>& receives = peer.receives[tag];
  if (receives.empty()) {
    peer.arrived[tag].push_back(message);
    return;
  }
  finish(receives.front(), message);
  receives.pop_front();
}

void ToyEndpoint::finish(const Pending& receive, const Message& message) {
  const Transfer& transfer = *receive.transfer;
  if (message.size() > transfer.bytes)
    throw RunError(fmt::format("rank {} sent {} bytes into a receive of {}", transfer.peer, message.size(),
                               transfer.bytes));
  if (!message.empty()) std::memcpy(transfer.data, message.data(), message.size());
  receive.batch->one_done();
}

bool ToyEndpoint::sending() const {
  return std::any_of(peers_.begin(), peers_.end(), [](const Peer& peer) { return !peer.sends.empty(); });
}

// A full mailbox of a peer wakes nobody when it empties: then the sleep is short.
void ToyEndpoint::block(std::chrono::microseconds span) {
  mailbox_.wait(sending() ? std::min(span, std::chrono::microseconds(50)) : span);
}

// What was sent lies in the peers' mailboxes, which the kernel keeps: nobody needs this rank's help.
void ToyEndpoint::close(podbench::Deadline deadline) {
  rendezvous_.fence(deadline);
}

}  // namespace toy
