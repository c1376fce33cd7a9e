// A mailbox: one UNIX datagram socket, which takes parcels of up to 32 KiB from any mailbox of this node.
// The kernel keeps parcels of one sender in order, loses none, and refuses one more where the box is full.
//
// Thread-safety: one thread. Errors: RunError with errno, LostPeer for a mailbox that is gone.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "transports/rendezvous.hpp"

namespace toy {

// What stands before the bytes of each parcel: which message they belong to.
struct Label {
  std::uint64_t message_bytes = 0;
  std::uint64_t tag = 0;
};

struct Address {
  sockaddr_un name{};
  socklen_t length = 0;
};

class Mailbox {
 public:
  static constexpr std::size_t parcel_bytes = 32 * 1024;

  Mailbox();
  ~Mailbox();
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  // The name that the kernel chose for this box, and what is needed to write to the boxes of all ranks.
  [[nodiscard]] podbench::Blob name() const;
  void set_peers(std::span<const podbench::Blob> names);

  // False where the peer's box is full: try again later.
  [[nodiscard]] bool try_send(int peer, const Label& label, std::span<const std::byte> bytes);

  struct Parcel {
    int peer;
    Label label;
    std::span<const std::byte> bytes;  // valid until the next try_receive()
  };
  [[nodiscard]] std::optional<Parcel> try_receive();

  // Sleeps until a parcel is there, or for `span`.
  void wait(std::chrono::microseconds span) const;

 private:
  [[nodiscard]] int peer_of(const Address& sender) const;

  int socket_;
  std::vector<Address> peers_;
  std::array<std::byte, parcel_bytes> parcel_;
};

}  // namespace toy
