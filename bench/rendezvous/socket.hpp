// What both ends of a store's connection need of TCP sockets.
// Thread-safety: free functions. Errors: RunError.
#pragma once

#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "bench/rendezvous/address.hpp"
#include "bench/rendezvous/file_descriptor.hpp"

namespace podbench {

// Small messages at once; a dead host is noticed after about 15 s without an answer.
void tune(const FileDescriptor& socket);

struct Listener {
  FileDescriptor socket;
  std::uint16_t port = 0;
};
// A non-blocking listener on a port that the system chooses: on loopback, or on every interface.
[[nodiscard]] Listener listen_somewhere(bool every_interface);

// A connected, non-blocking socket, or none where the connection cannot be made by the deadline.
[[nodiscard]] FileDescriptor connect_to(const HostPort& address, Deadline deadline);

// The numeric addresses of the connection's two ends.
[[nodiscard]] std::string local_address(const FileDescriptor& socket);
[[nodiscard]] std::string remote_address(const FileDescriptor& socket);

// Waits until the descriptor is ready for `events` (poll's), false where the deadline passes first.
[[nodiscard]] bool wait_for(const FileDescriptor& socket, short events, Deadline deadline);

}  // namespace podbench
