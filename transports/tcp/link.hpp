// The way to one peer: not there, on its way, or an established Connection that events drive.
//
// Connections are made on demand, when a batch first names the peer: the lower rank of a pair connects, the
// higher one accepts, so two can never cross. A rank of a large launch talks to few peers in most patterns (a
// ring to two, recursive doubling to log p), so it holds few descriptors and opening costs the same for any
// number of ranks; all-to-all still gets all its connections, before its first timed round.
// Thread-safety: one thread. Blocking: never. Errors: LostPeer for a peer that cannot be reached.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "transports/tcp/address_book.hpp"
#include "transports/tcp/connection.hpp"
#include "transports/tcp/handshake.hpp"
#include "transports/tcp/poller.hpp"

namespace podbench::tcp {

class Link final : public EventTarget {
 public:
  // `unread` collects links that have stopped reading before the socket was empty.
  Link(int peer, int own_rank, const Contact& contact, Poller& poller, std::vector<Link*>& unread,
       std::function<std::string(int)> peer_name);

  [[nodiscard]] Connection& connection() noexcept { return connection_; }
  // Where this rank is the one that connects, starts to.
  void want();
  // A connection that the peer has made; false where there already is one or this rank should have made it.
  [[nodiscard]] bool adopt(Descriptor socket);
  // Reads what is there, then writes what that has led to.
  void serve(bool ending = false);
  void on_events(std::uint32_t events) override;

 private:
  void start_connecting();
  void establish(Descriptor socket);

  int own_rank_;
  const Contact& contact_;
  Poller& poller_;
  std::vector<Link*>& unread_;
  Connection connection_;
  std::optional<Handshake> handshake_;
  int attempts_ = 0;
};

}  // namespace podbench::tcp
