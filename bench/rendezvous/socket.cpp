#include "bench/rendezvous/socket.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include "base/error.hpp"

namespace podbench {
namespace {

void set_option(int socket, int level, int name, int value) {
  setsockopt(socket, level, name, &value, sizeof value);
}

FileDescriptor listening_socket(int family, const sockaddr* address, socklen_t length) {
  FileDescriptor socket(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return socket;
  if (family == AF_INET6) set_option(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, 0);
  if (bind(socket.get(), address, length) != 0 || listen(socket.get(), 4096) != 0) return FileDescriptor();
  return socket;
}

template <class Ask>
std::string end_address(const FileDescriptor& socket, Ask ask) {
  sockaddr_storage end{};
  socklen_t length = sizeof end;
  std::array<char, NI_MAXHOST> text{};
  auto* generic = reinterpret_cast<sockaddr*>(&end);
  if (ask(socket.get(), generic, &length) != 0 ||
      getnameinfo(generic, length, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0)
    return {};
  return text.data();
}

}  // namespace

void tune(const FileDescriptor& socket) {
  set_option(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1);
  set_option(socket.get(), SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(socket.get(), IPPROTO_TCP, TCP_KEEPIDLE, 6);
  set_option(socket.get(), IPPROTO_TCP, TCP_KEEPINTVL, 3);
  set_option(socket.get(), IPPROTO_TCP, TCP_KEEPCNT, 3);
  set_option(socket.get(), IPPROTO_TCP, TCP_USER_TIMEOUT, 15'000);
}

Listener listen_somewhere(bool every_interface) {
  Listener listener;
  if (every_interface) {
    sockaddr_in6 any{};
    any.sin6_family = AF_INET6;
    listener.socket = listening_socket(AF_INET6, reinterpret_cast<const sockaddr*>(&any), sizeof any);
  }
  if (!listener.socket) {  // loopback, or a host without IPv6
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_addr.s_addr = htonl(every_interface ? INADDR_ANY : INADDR_LOOPBACK);
    listener.socket = listening_socket(AF_INET, reinterpret_cast<const sockaddr*>(&v4), sizeof v4);
  }
  if (!listener.socket) throw system_error("cannot listen for the ranks of a launch", errno);
  sockaddr_storage bound{};
  socklen_t length = sizeof bound;
  if (getsockname(listener.socket.get(), reinterpret_cast<sockaddr*>(&bound), &length) != 0)
    throw system_error("cannot learn the port for the ranks of a launch", errno);
  listener.port = ntohs(bound.ss_family == AF_INET6 ? reinterpret_cast<const sockaddr_in6&>(bound).sin6_port
                                                    : reinterpret_cast<const sockaddr_in&>(bound).sin_port);
  return listener;
}

FileDescriptor connect_to(const HostPort& address, Deadline deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found) != 0) return {};
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list(found, freeaddrinfo);
  for (const addrinfo* a = found; a != nullptr && !deadline.passed(); a = a->ai_next) {
    FileDescriptor socket(::socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!socket) continue;
    if (connect(socket.get(), a->ai_addr, a->ai_addrlen) != 0) {
      if (errno != EINPROGRESS || !wait_for(socket, POLLOUT, deadline)) continue;
      int error = 0;
      socklen_t length = sizeof error;
      getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &length);
      if (error != 0) continue;
    }
    tune(socket);
    return socket;
  }
  return {};
}

std::string local_address(const FileDescriptor& socket) {
  return end_address(socket, getsockname);
}
std::string remote_address(const FileDescriptor& socket) {
  return end_address(socket, getpeername);
}

bool wait_for(const FileDescriptor& socket, short events, Deadline deadline) {
  while (true) {
    pollfd waiting{.fd = socket.get(), .events = events, .revents = 0};
    const auto left_ms = std::chrono::ceil<std::chrono::milliseconds>(deadline.left()).count();
    const int ready = poll(&waiting, 1, static_cast<int>(std::min<std::int64_t>(left_ms, 1'000'000)));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) throw system_error("cannot wait for a connection", errno);
    if (deadline.passed()) return false;
  }
}

}  // namespace podbench
