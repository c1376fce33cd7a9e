// The socket calls that the transport needs, as values with owners. All sockets are non-blocking and closed
// on exec. Thread-safety: free functions and values. Errors: RunError with errno.
#pragma once

#include <sys/socket.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

namespace podbench::tcp {

class Descriptor {
 public:
  Descriptor() noexcept = default;
  explicit Descriptor(int number) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor();
  [[nodiscard]] int get() const noexcept { return number_; }

 private:
  int number_ = -1;
};

// A numeric IPv4 or IPv6 address with its port.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;
};
[[nodiscard]] SocketAddress parse_address(const std::string& numeric, std::uint16_t port);

// Listens on `numeric` at a port of the system's choice, which lands in `port`.
[[nodiscard]] Descriptor listen_on(const std::string& numeric, std::uint16_t& port);

// Starts to connect; the socket becomes writable when that has ended, one way or the other.
[[nodiscard]] Descriptor start_connecting(const SocketAddress& address);

// The next waiting connection, ready for traffic; a descriptor of -1 where none waits.
[[nodiscard]] Descriptor accept_waiting(int listener);

// Why the last asynchronous operation of the socket failed (an errno), or 0.
[[nodiscard]] int pending_error(int socket) noexcept;

// Makes room for `connections` more descriptors as far as the hard limit goes.
void raise_descriptor_limit(std::size_t connections) noexcept;

// The RunError for EMFILE and ENFILE: what is needed, what there is, and how to get it.
[[noreturn]] void throw_too_few_descriptors(int errno_value);

}  // namespace podbench::tcp
