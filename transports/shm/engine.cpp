#include "transports/shm/engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/clock.hpp"
#include "transports/shm/sleep.hpp"

namespace podbench::shm {
namespace {

// How often the clock is asked whether peers should be looked after, and how often they are.
constexpr std::uint32_t calls_between_checks = 4'096;
constexpr std::int64_t check_interval_ns = 50'000'000;

// Above this a receiver fetches from the sender's buffer. Where that is mapped, one copy instead of two is
// worth the way back of the acknowledgement almost at once; a system call is worth it from a page on.
constexpr std::size_t largest_eager_shared = 128, largest_eager_private = 4 * 1024;
static_assert(largest_eager_private <= largest_piece);

}  // namespace

Engine::Engine(Mailbox& own, std::vector<std::unique_ptr<Peer>> peers, bool fences_registered)
    : own_(own),
      peers_(std::move(peers)),
      fences_registered_(fences_registered),
      free_acks_(ack_count),
      calls_until_check_(calls_between_checks) {
  std::iota(free_acks_.begin(), free_acks_.end(), 0U);
  expecting_.reserve(peers_.size());
}

SendPlan Engine::plan(const Transfer& transfer, const Peer& peer) const {
  SendPlan plan;
  plan.description.bytes = transfer.bytes;
  if (transfer.bytes <= inline_bytes) return plan;
  const auto* memory = static_cast<const HostMemory*>(transfer.memory);
  const auto address = reinterpret_cast<std::uint64_t>(transfer.data);
  const bool shared = memory != nullptr && memory->shared();
  if (transfer.bytes <= (shared || peer.is_self ? largest_eager_shared : largest_eager_private)) {
    plan.way = Way::eager;
  } else if (peer.is_self) {
    plan.way = Way::local;
    plan.description.place = address;
  } else if (shared) {
    plan.way = Way::mapped;
    plan.description.place = static_cast<std::uint64_t>(transfer.data - memory->data());
    plan.description.memory = memory->index();
    plan.description.identity = memory->identity();
  } else {
    plan.way = peer.reads_us ? Way::crossed : Way::stream;
    plan.description.place = address;
  }
  return plan;
}

void Engine::post(Operation& operation) {
  const Transfer& transfer = operation.transfer;
  switch (transfer.kind) {
    case TransferKind::send:
      return post_send(operation);
    case TransferKind::receive:
      return post_receive(operation);
    case TransferKind::put:
      static_cast<const PeerWindow*>(transfer.remote)
          ->put(transfer.remote_offset, transfer.data, transfer.bytes);
      return operation.finish();
    case TransferKind::get:
      static_cast<const PeerWindow*>(transfer.remote)
          ->get(transfer.remote_offset, transfer.data, transfer.bytes);
      return operation.finish();
  }
}

void Engine::hand_over(Peer& peer) noexcept {
  wake_if_asleep(peer.mailbox.asleep, fences_registered_);
}

void Engine::expect(Peer& peer) {
  if (peer.expected++ == 0) expecting_.push_back(&peer);
}

void Engine::received(Operation& receive) noexcept {
  Peer& peer = *receive.peer;
  if (--peer.expected == 0) {
    // Swapping the last one in could hide it from a loop that is under way; it is looked at next time.
    *std::find(expecting_.begin(), expecting_.end(), &peer) = expecting_.back();
    expecting_.pop_back();
  }
  receive.finish();
}

// What peers that are gone can still be waited for is over; what they sent before may still be in the ring.
void Engine::check_peers() {
  calls_until_check_ = calls_between_checks;
  const std::int64_t now = now_ns();
  if (now < next_check_ns_) return;
  next_check_ns_ = now + check_interval_ns;
  for (const auto& peer : peers_) {
    if ((peer->expected == 0 && peer->owed == 0) || peer->is_self || peer->process.lives()) continue;
    if (peer->expected > 0) look_into(*peer);
    if (!unacknowledged_.empty()) look_for_acks();
    if (peer->expected > 0 || peer->owed > 0)
      throw LostPeer(peer->rank, fmt::format("rank {} is gone", peer->rank));
  }
}

bool Engine::something_is_there() const noexcept {
  Header header;
  for (const Peer* peer : expecting_)
    if (peer->inbox.peek(header)) return true;
  for (const Operation* send = unacknowledged_.first(); send != nullptr; send = send->next)
    if (own_.acks[send->plan.description.ack].load(std::memory_order_relaxed) != ack_none) return true;
  if (!streaming_.empty()) return true;
  for (const auto& peer : peers_)
    if (!peer->waiting.empty() && peer->outbox.has_room()) return true;
  return false;
}

void Engine::block(std::chrono::microseconds span) {
  calls_until_check_ = 1;  // whoever sleeps calls test() too seldom to notice a loss by counting
  announce_sleep(own_.asleep, fences_registered_);
  if (!something_is_there()) sleep_on(own_.asleep, span);
  own_.asleep.store(0, std::memory_order_relaxed);
}

void Engine::forget(std::span<Operation> operations) noexcept {
  for (Operation& operation : operations) {
    const auto same = [&](const Operation& other) { return &other == &operation; };
    Peer& peer = *operation.peer;
    if (peer.posted.take(same) != nullptr) {
      received(operation);
    } else if (peer.waiting.take(same) != nullptr) {
      --blocked_;
      --peer.owed;
    } else if (unacknowledged_.take(same) != nullptr || streaming_.take(same) != nullptr) {
      --peer.owed;  // its acknowledgement may still come, so the ack is not used again
    } else if (const auto stream = std::find(streams_.begin(), streams_.end(), &operation);
               stream != streams_.end()) {
      *stream = nullptr;
      received(operation);
    }
  }
}

void Engine::let_go_of_memories() {
  for (const auto& peer : peers_) peer->memories.let_go();
}

}  // namespace podbench::shm
