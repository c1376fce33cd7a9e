// Where eager messages wait whose receive has not been posted yet. Bounded by the sender's credit. Slots and
// their memory are used again, so that a steady pattern stops allocating. Thread-safety: one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <vector>

#include "transports/tcp/operation.hpp"

namespace podbench::tcp {

class Parking {
 public:
  struct Message {
    std::uint16_t tag = 0;
    std::uint32_t sequence = 0;
    bool whole = false;            // all its bytes have arrived
    Operation* receive = nullptr;  // posted while it was arriving
    std::vector<std::byte> bytes;
  };

  Message& park(std::uint16_t tag, std::uint32_t sequence, std::size_t bytes) {
    if (free_.empty()) free_.emplace_back();
    parked_.splice(parked_.end(), free_, free_.begin());
    Message& message = parked_.back();
    message.tag = tag;
    message.sequence = sequence;
    message.whole = false;
    message.receive = nullptr;
    message.bytes.resize(bytes);
    return message;
  }

  // Null if none.
  [[nodiscard]] Message* find(std::uint16_t tag, std::uint32_t sequence) noexcept {
    for (Message& message : parked_)
      if (message.sequence == sequence && message.tag == tag) return &message;
    return nullptr;
  }

  void leave(const Message& message) noexcept {
    for (auto at = parked_.begin(); at != parked_.end(); ++at)
      if (&*at == &message) return free_.splice(free_.begin(), parked_, at);
  }

 private:
  std::list<Message> parked_;
  std::list<Message> free_;
};

}  // namespace podbench::tcp
