// The engine's receiving half.
#include <fmt/format.h>

#include <algorithm>

#include "transports/shm/engine.hpp"
#include "transports/shm/sleep.hpp"

namespace podbench::shm {
namespace {

// A crossing that is reduced is staged in parts that stay in the core's own cache.
constexpr std::size_t staging_bytes = 64 * 1024;

// Puts `bytes` of incoming data at an offset of what is received.
void take(const Transfer& transfer, std::size_t offset, const std::byte* from, std::size_t bytes) {
  if (bytes == 0) return;
  std::byte* into = transfer.data + offset;
  if (transfer.reduce != nullptr)
    transfer.reduce(into, transfer.operand + offset, from, bytes);
  else
    std::memcpy(into, from, bytes);
}

[[noreturn]] void too_long(const Operation& receive, std::uint64_t bytes) {
  throw RunError(fmt::format("rank {} sent {} bytes with tag {} where {} are to be received",
                             receive.peer->rank, bytes, receive.transfer.tag, receive.transfer.bytes));
}

[[noreturn]] void broken(const Peer& peer) {
  throw RunError(fmt::format("the shared memory ring from rank {} is broken", peer.rank));
}

Parked park(const Header& header, const Description& description, const std::byte* data) {
  Parked parked;
  parked.tag = header.tag;
  parked.way = header.way;
  parked.description = description;
  if (data != nullptr) parked.data.assign(data, data + description.bytes);
  return parked;
}

}  // namespace

void Engine::post_receive(Operation& receive) {
  Peer& peer = *receive.peer;
  receive.moved = 0;
  expect(peer);
  const auto parked = std::find_if(peer.parked.begin(), peer.parked.end(),
                                   [&](const Parked& p) { return p.tag == receive.transfer.tag; });
  if (parked == peer.parked.end()) return peer.posted.push(receive);
  const Parked message = std::move(*parked);
  peer.parked.erase(parked);
  deliver(receive, message.way, message.description, message.data.data());
}

void Engine::look_into(Peer& peer) {
  Header header;
  while (peer.expected > 0 && peer.inbox.peek(header)) handle(peer, header);
}

// One message of the inbox: to its receive, or parked.
void Engine::handle(Peer& peer, const Header& header) {
  Description description;
  const std::byte* data = nullptr;
  bool uses_bytes = false;
  if (header.way == Way::inlined) {
    description.bytes = std::min<std::size_t>(header.bytes, inline_bytes);
    data = peer.inbox.payload();
  } else {
    description = peer.inbox.description();
    uses_bytes = header.way == Way::eager || header.way == Way::piece;
    if (uses_bytes && (data = peer.inbox.eager(description)) == nullptr) broken(peer);
  }
  if (header.way == Way::piece) {
    take_piece(peer, description, data);
  } else if (Operation* receive =
                 peer.posted.take([&](const Operation& other) { return other.transfer.tag == header.tag; })) {
    deliver(*receive, header.way, description, data);
  } else {
    peer.parked.push_back(park(header, description, data));
  }
  if (uses_bytes ? peer.inbox.pop(description) : peer.inbox.pop()) hand_over(peer);
}

void Engine::deliver(Operation& receive, Way way, const Description& description, const std::byte* data) {
  if (description.bytes > receive.transfer.bytes) too_long(receive, description.bytes);
  switch (way) {
    case Way::inlined:
    case Way::eager:
      take(receive.transfer, 0, data, description.bytes);
      return received(receive);
    case Way::mapped:
      take(receive.transfer, 0, receive.peer->memories.at(description), description.bytes);
      acknowledge(*receive.peer, description.ack, ack_done);
      return received(receive);
    case Way::local:
      if (!receive.peer->is_self) broken(*receive.peer);
      take(receive.transfer, 0, reinterpret_cast<const std::byte*>(description.place), description.bytes);
      acknowledge(*receive.peer, description.ack, ack_done);
      return received(receive);
    case Way::crossed:
      fetch(receive, description);
      acknowledge(*receive.peer, description.ack, ack_done);
      return received(receive);
    case Way::stream:
      return begin_stream(receive, description);
    case Way::piece:
      break;
  }
  broken(*receive.peer);
}

void Engine::fetch(Operation& receive, const Description& description) {
  const Transfer& transfer = receive.transfer;
  if (transfer.reduce == nullptr)
    return receive.peer->process.read(description.place, transfer.data, description.bytes);
  staging_.resize(staging_bytes);
  for (std::uint64_t done = 0; done < description.bytes;) {
    const std::size_t part = std::min<std::uint64_t>(staging_bytes, description.bytes - done);
    receive.peer->process.read(description.place + done, staging_.data(), part);
    take(transfer, done, staging_.data(), part);
    done += part;
  }
}

void Engine::begin_stream(Operation& receive, const Description& description) {
  // Each receive in pieces has the number of its place here; places are used again.
  auto place = std::find(streams_.begin(), streams_.end(), nullptr);
  if (place == streams_.end()) place = streams_.insert(place, nullptr);
  *place = &receive;
  receive.plan.description = description;
  const auto number = static_cast<std::uint64_t>(place - streams_.begin());
  acknowledge(*receive.peer, description.ack, ack_send_pieces | number << 8);
}

void Engine::take_piece(Peer& peer, const Description& piece, const std::byte* data) {
  Operation* receive = piece.stream < streams_.size() ? streams_[piece.stream] : nullptr;
  if (receive == nullptr || receive->peer != &peer) broken(peer);
  const std::uint64_t total = receive->plan.description.bytes;
  if (piece.bytes > total - receive->moved) broken(peer);
  take(receive->transfer, receive->moved, data, piece.bytes);
  receive->moved += piece.bytes;
  if (receive->moved < total) return;
  streams_[piece.stream] = nullptr;
  received(*receive);
}

// The description came from the peer: its index is checked before it is used.
void Engine::acknowledge(Peer& peer, std::uint32_t ack, std::uint64_t value) {
  if (ack >= ack_count) broken(peer);
  peer.mailbox.acks[ack].store(value, std::memory_order_release);
  hand_over(peer);
}

}  // namespace podbench::shm
