// The engine's sending half.
#include <algorithm>

#include "transports/shm/engine.hpp"
#include "transports/shm/sleep.hpp"

namespace podbench::shm {

void Engine::post_send(Operation& send) {
  Peer& peer = *send.peer;
  const Transfer& transfer = send.transfer;
  const bool in_order = peer.waiting.empty();
  if (send.plan.way == Way::inlined) {
    if (!in_order || !peer.outbox.has_room()) return inject(send);
    peer.outbox.put(transfer.tag, transfer.data, transfer.bytes);
    hand_over(peer);
    return send.finish();
  }
  ++peer.owed;
  send.moved = 0;
  if (in_order && start(send)) return;
  peer.waiting.push(send);
  ++blocked_;
}

// The caller's part is over; a copy waits for room in its place.
void Engine::inject(Operation& send) {
  Peer& peer = *send.peer;
  Injected& injected = peer.injected.emplace_back();
  injected.operation = send;
  injected.operation.remaining = &injected.remaining;
  copy_inline(injected.data, send.transfer.data, send.transfer.bytes);
  injected.operation.transfer.data = injected.data;
  ++peer.owed;
  peer.waiting.push(injected.operation);
  ++blocked_;
  send.finish();
}

// Puts the message or its description into the ring; false where that has no room.
bool Engine::start(Operation& send) {
  Peer& peer = *send.peer;
  const Transfer& transfer = send.transfer;
  Description& description = send.plan.description;
  if (!peer.outbox.has_room()) return false;

  if (send.plan.way == Way::inlined) {
    peer.outbox.put(transfer.tag, transfer.data, transfer.bytes);
  } else if (send.plan.way == Way::eager) {
    std::byte* room = peer.outbox.reserve(static_cast<std::uint32_t>(transfer.bytes), description.skipped);
    if (room == nullptr) return false;
    std::memcpy(room, transfer.data, transfer.bytes);
    peer.outbox.put(transfer.tag, Way::eager, description);
  } else {
    if (free_acks_.empty()) return false;
    description.ack = free_acks_.back();
    free_acks_.pop_back();
    own_.acks[description.ack].store(ack_none, std::memory_order_relaxed);
    peer.outbox.put(transfer.tag, send.plan.way, description);
    unacknowledged_.push(send);
    hand_over(peer);
    return true;
  }
  hand_over(peer);
  --peer.owed;
  send.finish();
  return true;
}

// Acknowledgements come in any order: whatever has been read by its receiver is complete.
void Engine::look_for_acks() {
  std::uint64_t value = ack_none;
  const auto acknowledged = [&](const Operation& send) {
    value = own_.acks[send.plan.description.ack].load(std::memory_order_acquire);
    return value != ack_none;
  };
  while (Operation* send = unacknowledged_.take(acknowledged)) {
    if (value != ack_done) {
      send->stream = value >> 8;
      streaming_.push(*send);
      continue;
    }
    free_acks_.push_back(send->plan.description.ack);
    --send->peer->owed;
    send->finish();
  }
}

void Engine::push() {
  for (const auto& peer : peers_) push_waiting(*peer);
  while (Operation* send = streaming_.first()) {
    push_pieces(*send);
    if (send->moved < send->transfer.bytes) break;
    streaming_.pop();
    free_acks_.push_back(send->plan.description.ack);
    --send->peer->owed;
    send->finish();
  }
}

void Engine::push_waiting(Peer& peer) {
  while (Operation* send = peer.waiting.pop()) {  // taken out first: a started send may enter another queue
    if (!start(*send)) return peer.waiting.push_front(*send);
    --blocked_;
  }
  while (!peer.injected.empty() && peer.injected.front().remaining == 0) peer.injected.pop_front();
}

void Engine::push_pieces(Operation& send) {
  Peer& peer = *send.peer;
  while (send.moved < send.transfer.bytes && peer.outbox.has_room()) {
    Description piece;
    piece.bytes = std::min<std::uint64_t>(largest_piece, send.transfer.bytes - send.moved);
    piece.stream = static_cast<std::uint32_t>(send.stream);
    std::byte* room = peer.outbox.reserve(static_cast<std::uint32_t>(piece.bytes), piece.skipped);
    if (room == nullptr) return;
    std::memcpy(room, send.transfer.data + send.moved, piece.bytes);
    peer.outbox.put(send.transfer.tag, Way::piece, piece);
    send.moved += piece.bytes;
    hand_over(peer);
  }
}

}  // namespace podbench::shm
