// What ranks share: the layout of a mailbox, the memory by which one rank receives from all others.
//
// Every ordered pair of ranks has a ring of one writer (the sender) and one reader (the receiver, in whose
// mailbox it lies). A message of up to inline_bytes travels in one cache line together with the word that
// announces it, so that a single line crosses between the cores.
//
// Memory order. A sender writes a slot's payload (and, before it, the eager bytes) and then stores the header
// with release; the receiver loads the header with acquire and only then reads the rest. The receiver stores
// `consumed_*` with release after it has read; the sender loads it with acquire before it writes there again.
// An acknowledgement is stored with release after the sender's buffer has been read and loaded with acquire
// before the buffer is handed back. `asleep` is explained in sleep.hpp. Nothing else is shared.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace podbench::shm {

inline constexpr std::size_t line_bytes = 64;
inline constexpr std::size_t inline_bytes = 56;
inline constexpr std::uint32_t slot_count = 256;            // a ring's; a power of two
inline constexpr std::uint32_t eager_capacity = 64 * 1024;  // bytes; a power of two
inline constexpr std::uint32_t largest_piece = 16 * 1024;   // of eager_capacity in one message
inline constexpr std::uint32_t ack_count = 2'048;           // an endpoint's long sends under way
inline constexpr std::uint32_t memory_count = 1'024;        // an endpoint's shared memories

// A receiver reports what it consumed after a quarter of the ring only, so a sender may see that much less
// room than there is; with skipped bytes at the ring's end, one piece must still always fit.
static_assert(2 * largest_piece + eager_capacity / 4 <= eager_capacity);

enum class Way : std::uint8_t {
  inlined,  // in the slot
  eager,    // in the ring's bytes
  mapped,   // the receiver reads the sender's shared memory in place
  crossed,  // the receiver reads the sender's private memory through the kernel
  local,    // the same process: a pointer
  stream,   // none of these is possible: the receiver asks for pieces through the ring
  piece,    // one of those
};

struct alignas(line_bytes) Slot {
  std::atomic<std::uint64_t> header;  // Header, packed
  std::byte payload[inline_bytes];
};

// A slot's header in one word. `sequence` is the number of the message in its ring plus one, cut to 32 bits:
// a slot holds a new message exactly when it has the number that is expected there.
struct Header {
  std::uint32_t sequence;
  std::uint16_t tag;
  Way way;
  std::uint8_t bytes;  // where inlined
};
static_assert(sizeof(Header) == 8 && std::is_trivially_copyable_v<Header>);

// The payload of a slot whose message is not in it.
struct Description {
  std::uint64_t bytes = 0;
  std::uint64_t place = 0;     // mapped: offset in the memory; crossed, local: address
  std::uint32_t memory = 0;    // mapped: index in the sender's memories
  std::uint32_t identity = 0;  // mapped: the memory's
  std::uint32_t ack = 0;       // mapped, crossed, local, stream: index in the sender's acks
  std::uint32_t skipped = 0;   // eager, piece: unused bytes before this one's
  std::uint32_t stream = 0;    // piece: which receive it belongs to, as the receiver said
};
static_assert(sizeof(Description) <= inline_bytes);

// What a receiver tells a sender about a long message, in one word.
inline constexpr std::uint64_t ack_none = 0, ack_done = 1, ack_send_pieces = 2;  // + stream << 8

struct Ring {
  alignas(line_bytes) std::atomic<std::uint32_t> consumed_slots;
  std::atomic<std::uint32_t> consumed_bytes;
  std::atomic<std::uint32_t> crossing_works;  // the receiver can read the sender's private memory
  Slot slots[slot_count];
  alignas(line_bytes) std::byte eager[eager_capacity];
};

// A memory that peers may map: file descriptor `descriptor` of the mailbox's process.
struct SharedEntry {
  std::atomic<std::uint32_t> identity;  // 0: none; never used twice
  std::atomic<std::int32_t> descriptor;
  std::atomic<std::uint64_t> bytes;
};

struct Mailbox {
  std::uint64_t magic;
  alignas(line_bytes) std::atomic<std::uint32_t> asleep;
  alignas(line_bytes) std::atomic<std::uint32_t> retired;  // counts memories that are gone
  alignas(line_bytes) SharedEntry memories[memory_count];
  alignas(line_bytes) std::atomic<std::uint64_t> acks[ack_count];
  // One Ring for each sender follows.
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

inline constexpr std::uint64_t mailbox_magic = 0x706f64'6d61696c31;

[[nodiscard]] constexpr std::size_t mailbox_bytes(int ranks) {
  return sizeof(Mailbox) + static_cast<std::size_t>(ranks) * sizeof(Ring);
}
[[nodiscard]] inline Ring& ring_of(Mailbox& mailbox, int sender) {
  return reinterpret_cast<Ring*>(&mailbox + 1)[sender];
}

}  // namespace podbench::shm
