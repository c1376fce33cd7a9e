// The engine: posts operations, looks at inboxes and acknowledgements, and carries messages to their end.
//
// A short message is copied into the ring. A long one is only described there; the receiver fetches (or
// reduces) it from the sender's buffer and acknowledges it in the sender's mailbox. The engine looks only at
// the inboxes of peers from which something is expected; what else arrives stays in its ring until then.
// Thread-safety: one thread. Errors: RunError, LostPeer; afterwards only destruction makes sense.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "transports/shm/peer.hpp"

namespace podbench::shm {

class Engine {
 public:
  // `own` is this rank's mailbox; `fences_registered`: see sleep.hpp.
  Engine(Mailbox& own, std::vector<std::unique_ptr<Peer>> peers, bool fences_registered);

  [[nodiscard]] Peer& peer(int rank) noexcept { return *peers_[static_cast<std::size_t>(rank)]; }
  [[nodiscard]] SendPlan plan(const Transfer& transfer, const Peer& peer) const;

  void post(Operation& operation);
  void progress() {
    for (std::size_t i = 0; i < expecting_.size(); ++i) look_into(*expecting_[i]);
    if (!unacknowledged_.empty()) look_for_acks();
    if (blocked_ > 0 || !streaming_.empty()) push();
    if (--calls_until_check_ == 0) check_peers();
  }
  // Nothing of ours waits for room in a ring.
  [[nodiscard]] bool all_sent() const noexcept { return blocked_ == 0; }
  void block(std::chrono::microseconds span);
  // Operations of a batch that is destroyed before it is complete.
  void forget(std::span<Operation> operations) noexcept;
  void let_go_of_memories();

 private:
  // Sending.
  void post_send(Operation& send);
  void post_receive(Operation& receive);
  void inject(Operation& send);
  bool start(Operation& send);
  void push();
  void push_waiting(Peer& peer);
  void push_pieces(Operation& send);
  void look_for_acks();
  void hand_over(Peer& peer) noexcept;

  // Receiving.
  void look_into(Peer& peer);
  void handle(Peer& peer, const Header& header);
  void deliver(Operation& receive, Way way, const Description& description, const std::byte* data);
  void fetch(Operation& receive, const Description& description);
  void begin_stream(Operation& receive, const Description& description);
  void take_piece(Peer& peer, const Description& piece, const std::byte* data);
  void acknowledge(Peer& peer, std::uint32_t ack, std::uint64_t value);
  void received(Operation& receive) noexcept;
  void expect(Peer& peer);

  // Ends.
  void check_peers();
  [[nodiscard]] bool something_is_there() const noexcept;

  Mailbox& own_;
  std::vector<std::unique_ptr<Peer>> peers_;
  bool fences_registered_;
  std::vector<Peer*> expecting_;  // peers with expected > 0
  Queue unacknowledged_;          // long sends that wait for their receiver
  Queue streaming_;               // sends whose receiver asked for pieces
  std::size_t blocked_ = 0;       // sends that wait for room
  std::vector<std::uint32_t> free_acks_;
  std::vector<Operation*> streams_;  // receives in pieces, by number
  std::vector<std::byte> staging_;   // for reductions of what must be copied first
  std::uint32_t calls_until_check_;
  std::int64_t next_check_ns_ = 0;
};

}  // namespace podbench::shm
