// What goes over a connection, after the handshake: frames of a 16-byte header and, for messages, a payload.
//
// Every message of a (sender, receiver, tag) has a sequence number; both sides count, so a frame names its
// receive exactly and completion may come in any order. Small messages are *eager*: they are sent at once,
// against credit, and parked by a receiver that does not expect them yet. A message above eager_limit waits
// for a *grant*: the receiver sends it as soon as the receive is posted, usually before the sender asks, so
// that the handshake costs no round trip, the payload goes straight to its place, no unexpected message is
// large, and a receiver never has to stop reading a connection (which could block another tag behind it). A
// sender without grant or credit says so with an *offer*; the receiver answers it when the receive is there.
// Fields are in the host's byte order; the handshake refuses a peer that has another.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace podbench::tcp {

enum class FrameKind : std::uint16_t {
  eager = 1,  // payload follows; uses credit
  granted,    // payload follows; its receive is known to be posted
  offer,      // a message of `bytes` waits for its grant
  grant,      // the receive is posted and takes `bytes`
  credit,     // `bytes` of credit come back
};

struct Header {
  FrameKind kind;
  std::uint16_t tag;
  std::uint32_t sequence;
  std::uint64_t bytes;
};
static_assert(sizeof(Header) == 16 && std::is_trivially_copyable_v<Header>);

inline constexpr std::size_t eager_limit = 32 * 1024;

// What a sender may have in flight eagerly and a receiver must be ready to park, per connection. A message
// costs its bytes and message_overhead, so that empty messages are bounded too.
inline constexpr std::uint64_t credit_window = 1024 * 1024;
inline constexpr std::uint64_t message_overhead = 64;

// Offers and early grants that a peer may leave unanswered: as many as a schedule could post, and far less
// than would hurt.
inline constexpr std::size_t most_unanswered = std::size_t{1} << 20;

}  // namespace podbench::tcp
