// The two ends of a ring: Outbox writes, Inbox reads. Everything here is on the path of each message.
// Thread-safety: one thread an end.
#pragma once

#include <bit>
#include <cstring>

#include "transports/shm/layout.hpp"

namespace podbench::shm {

// Copies up to inline_bytes with whole words, which need not be a call.
inline void copy_inline(std::byte* into, const std::byte* from, std::size_t bytes) noexcept {
  const auto ends = [&]<std::size_t width>(std::integral_constant<std::size_t, width>) {
    struct Part {
      std::byte bytes[width];
    } first, last;
    std::memcpy(&first, from, width);
    std::memcpy(&last, from + bytes - width, width);
    std::memcpy(into, &first, width);
    std::memcpy(into + bytes - width, &last, width);
  };
  if (bytes == 8)
    std::memcpy(into, from, 8);
  else if (bytes > 32)
    ends(std::integral_constant<std::size_t, 32>{});
  else if (bytes > 16)
    ends(std::integral_constant<std::size_t, 16>{});
  else if (bytes > 8)
    ends(std::integral_constant<std::size_t, 8>{});
  else if (bytes >= 4)
    ends(std::integral_constant<std::size_t, 4>{});
  else if (bytes >= 2)
    ends(std::integral_constant<std::size_t, 2>{});
  else if (bytes == 1)
    *into = *from;
}

// Eager bytes start at whole lines, so that elements in them are aligned.
[[nodiscard]] constexpr std::uint32_t whole_lines(std::uint32_t bytes) noexcept {
  return (bytes + std::uint32_t{line_bytes} - 1) & ~(std::uint32_t{line_bytes} - 1);
}

class Outbox {
 public:
  explicit Outbox(Ring& ring) noexcept : ring_(&ring) {}

  [[nodiscard]] bool has_room() noexcept {
    if (next_ - consumed_slots_ < slot_count) return true;
    consumed_slots_ = ring_->consumed_slots.load(std::memory_order_acquire);
    return next_ - consumed_slots_ < slot_count;
  }

  // Contiguous room for `bytes` (at most largest_piece) that the next message takes along, or null. `skipped`
  // says how much of the ring's end is left unused for it.
  [[nodiscard]] std::byte* reserve(std::uint32_t bytes, std::uint32_t& skipped) noexcept {
    const std::uint32_t at = next_byte_ % eager_capacity, length = whole_lines(bytes);
    skipped = at + length > eager_capacity ? eager_capacity - at : 0;
    if (!fits(skipped + length)) return nullptr;
    next_byte_ += skipped + length;
    return ring_->eager + (at + skipped) % eager_capacity;
  }

  // Both need has_room().
  void put(std::uint16_t tag, const std::byte* data, std::size_t bytes) noexcept {
    copy_inline(slot().payload, data, bytes);
    announce(tag, Way::inlined, static_cast<std::uint8_t>(bytes));
  }
  void put(std::uint16_t tag, Way way, const Description& description) noexcept {
    std::memcpy(slot().payload, &description, sizeof description);
    announce(tag, way, 0);
  }

 private:
  [[nodiscard]] Slot& slot() noexcept { return ring_->slots[next_ % slot_count]; }
  [[nodiscard]] bool fits(std::uint32_t bytes) noexcept {
    if (next_byte_ + bytes - consumed_bytes_ <= eager_capacity) return true;
    consumed_bytes_ = ring_->consumed_bytes.load(std::memory_order_acquire);
    return next_byte_ + bytes - consumed_bytes_ <= eager_capacity;
  }
  void announce(std::uint16_t tag, Way way, std::uint8_t bytes) noexcept {
    slot().header.store(std::bit_cast<std::uint64_t>(Header{next_ + 1, tag, way, bytes}),
                        std::memory_order_release);
    ++next_;
  }

  Ring* ring_;
  std::uint32_t next_ = 0, consumed_slots_ = 0;
  std::uint32_t next_byte_ = 0, consumed_bytes_ = 0;
};

class Inbox {
 public:
  explicit Inbox(Ring& ring) noexcept : ring_(&ring) {}

  // Whether a message is there; `header` is then its header.
  [[nodiscard]] bool peek(Header& header) const noexcept {
    header = std::bit_cast<Header>(slot().header.load(std::memory_order_acquire));
    return header.sequence == next_ + 1;
  }
  [[nodiscard]] const std::byte* payload() const noexcept { return slot().payload; }
  [[nodiscard]] Description description() const noexcept {
    Description description;
    std::memcpy(&description, slot().payload, sizeof description);
    return description;
  }
  // The eager bytes of the message that is there; null where the description is not one of ours.
  [[nodiscard]] const std::byte* eager(const Description& description) const noexcept {
    const std::uint32_t at = (next_byte_ + description.skipped) % eager_capacity;
    const bool sound = description.bytes <= largest_piece && description.skipped < eager_capacity &&
                       at + description.bytes <= eager_capacity;
    return sound ? ring_->eager + at : nullptr;
  }

  // Is done with the message that is there, and with its eager bytes. True where the sender may now find more
  // room than it knew.
  [[nodiscard]] bool pop() noexcept {
    ++next_;
    if (next_ - reported_slots_ < slot_count / 4) return false;
    report();
    return true;
  }
  [[nodiscard]] bool pop(const Description& description) noexcept {
    next_byte_ += description.skipped + whole_lines(static_cast<std::uint32_t>(description.bytes));
    if (next_byte_ - reported_bytes_ < eager_capacity / 4) return pop();
    ++next_;
    report();
    return true;
  }

 private:
  [[nodiscard]] const Slot& slot() const noexcept { return ring_->slots[next_ % slot_count]; }
  void report() noexcept {
    reported_slots_ = next_;
    reported_bytes_ = next_byte_;
    ring_->consumed_slots.store(next_, std::memory_order_release);
    ring_->consumed_bytes.store(next_byte_, std::memory_order_release);
  }

  Ring* ring_;
  std::uint32_t next_ = 0, reported_slots_ = 0;
  std::uint32_t next_byte_ = 0, reported_bytes_ = 0;
};

}  // namespace podbench::shm
