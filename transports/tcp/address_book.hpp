// Where each rank listens and what a connection to it must prove: gathered once, when the transport opens.
// Thread-safety: a value. Errors: RunError for an entry that makes no sense.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "transports/rendezvous.hpp"
#include "transports/tcp/handshake.hpp"

namespace podbench::tcp {

struct Contact {
  std::string address;  // numeric
  std::uint16_t port = 0;
  Token token{};
};

[[nodiscard]] Blob encode(const Contact& contact);
[[nodiscard]] Contact decode_contact(int rank, const Blob& blob);

// The address on which this rank should listen: the loopback where all ranks share a node, else the one by
// which the rendezvous says that other nodes reach this one.
[[nodiscard]] std::string listening_address(const Rendezvous& rendezvous);

// Collective: every rank's contact, by rank.
[[nodiscard]] std::vector<Contact> gather_contacts(Rendezvous& rendezvous, const Contact& own,
                                                   Deadline deadline);

}  // namespace podbench::tcp
