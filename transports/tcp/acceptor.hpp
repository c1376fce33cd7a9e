// The listening side: takes connections in and passes on those that prove to come from the launch.
//
// Strangers cost a bounded number of descriptors for a bounded time and are dropped without a word.
// Thread-safety: one thread. Blocking: never. Errors: RunError where this host is out of descriptors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <string>

#include "transports/tcp/address_book.hpp"
#include "transports/tcp/handshake.hpp"
#include "transports/tcp/poller.hpp"

namespace podbench::tcp {

class Acceptor final : public EventTarget {
 public:
  // Takes a proved connection of a rank; false where it cannot be meant, which drops it.
  using Welcome = std::function<bool(int rank, Descriptor socket)>;

  Acceptor(const std::string& address, int ranks, Poller& poller, Welcome welcome);

  [[nodiscard]] const Contact& contact() const noexcept { return contact_; }
  // Only after this, so that nobody is welcomed before the owner is whole.
  void start();
  // Lets go of what has ended, one way or the other. Not from within Poller::dispatch.
  void tidy();
  void on_events(std::uint32_t events) override;

 private:
  class Guest final : public EventTarget {
   public:
    Guest(Handshake handshake, const Welcome& welcome)
        : handshake_(std::move(handshake)), welcome_(welcome) {}
    void on_events(std::uint32_t events) override;
    [[nodiscard]] int socket() const noexcept { return handshake_.socket(); }
    [[nodiscard]] bool gone() const;

   private:
    Handshake handshake_;
    const Welcome& welcome_;
    bool done_ = false;
  };

  Contact contact_;
  Descriptor listener_;
  Poller& poller_;
  Welcome welcome_;
  std::size_t most_guests_;
  std::list<Guest> guests_;  // oldest first
};

}  // namespace podbench::tcp
