// What an endpoint knows about one peer (itself included).
#pragma once

#include <deque>
#include <list>
#include <memory>
#include <vector>

#include "transports/shm/memory.hpp"
#include "transports/shm/operation.hpp"
#include "transports/shm/process.hpp"
#include "transports/shm/ring.hpp"

namespace podbench::shm {

// A message that came before its receive was posted.
struct Parked {
  std::uint16_t tag = 0;
  Way way = Way::inlined;
  std::vector<std::byte> data;  // inlined, eager
  Description description{};    // all others
};

// A short send for which the ring had no room: complete for its batch already, it waits as a copy.
struct Injected {
  Operation operation{};
  std::size_t remaining = 1;
  std::byte data[inline_bytes]{};
};

struct Peer {
  Peer(int peer_rank, Process peer_process, Mapping peer_mailbox, Ring& from, Ring& to)
      : rank(peer_rank),
        process(std::move(peer_process)),
        mapping(std::move(peer_mailbox)),
        mailbox(*reinterpret_cast<Mailbox*>(mapping.data())),
        inbox(from),
        outbox(to),
        memories(process, mailbox) {}
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  int rank;
  Process process;
  Mapping mapping;
  Mailbox& mailbox;
  Inbox inbox;
  Outbox outbox;
  PeerMemories memories;
  bool reads_us = false;  // it can read our private memory
  bool is_self = false;

  Queue posted;                  // receives, in the order posted
  std::size_t expected = 0;      // receives not complete: while there are any, the inbox is looked at
  std::deque<Parked> parked;     // in the order of arrival
  Queue waiting;                 // sends for which the ring has no room yet
  std::list<Injected> injected;  // own those of `waiting` that are copies
  std::size_t owed = 0;          // sends not complete
};

}  // namespace podbench::shm
