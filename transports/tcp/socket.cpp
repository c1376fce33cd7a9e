#include "transports/tcp/socket.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace podbench::tcp {
namespace {

// A host that vanished without a word is noticed by unacknowledged data within user_timeout_ms, and on a
// silent connection by keep-alive probes within about keepalive_idle_s + probes × interval.
constexpr int user_timeout_ms = 30'000;
constexpr int keepalive_idle_s = 5;
constexpr int keepalive_interval_s = 2;
constexpr int keepalive_probes = 5;

// Descriptors that the process needs besides a connection a peer: files, libraries, other transports.
constexpr std::size_t other_descriptors = 128;

void set(int socket, int level, int option, int value) {
  if (setsockopt(socket, level, option, &value, sizeof value) != 0)
    throw system_error(fmt::format("set TCP socket option {}/{}", level, option), errno);
}

// Buffers stay with the kernel's autotuning: a fixed SO_SNDBUF or SO_RCVBUF is capped by net.core.*mem_max,
// which is smaller than what autotuning may reach.
void tune(int socket) {
  set(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  set(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, user_timeout_ms);
  set(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
  set(socket, IPPROTO_TCP, TCP_KEEPIDLE, keepalive_idle_s);
  set(socket, IPPROTO_TCP, TCP_KEEPINTVL, keepalive_interval_s);
  set(socket, IPPROTO_TCP, TCP_KEEPCNT, keepalive_probes);
}

Descriptor new_socket(int family) {
  Descriptor socket(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
  if (socket.get() >= 0) return socket;
  if (errno == EMFILE || errno == ENFILE) throw_too_few_descriptors(errno);
  throw system_error("make a TCP socket", errno);
}

const sockaddr* raw(const SocketAddress& address) {
  return reinterpret_cast<const sockaddr*>(&address.storage);
}

// Errors of accept(2) that concern only the connection that was about to be accepted.
bool concerns_one_connection(int error) {
  return error == ECONNABORTED || error == EPROTO || error == EPERM || error == ENETDOWN ||
         error == EHOSTDOWN || error == EHOSTUNREACH || error == ENETUNREACH || error == EINTR;
}

}  // namespace

Descriptor::~Descriptor() {
  if (number_ >= 0) close(number_);
}

SocketAddress parse_address(const std::string& numeric, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(numeric.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (error != 0)
    throw RunError(fmt::format("\"{}\" is not a numeric IP address: {}", numeric, gai_strerror(error)),
                   error);
  SocketAddress address;
  address.length = found->ai_addrlen;
  std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
  freeaddrinfo(found);
  return address;
}

Descriptor listen_on(const std::string& numeric, std::uint16_t& port) {
  SocketAddress address = parse_address(numeric, 0);
  Descriptor listener = new_socket(address.storage.ss_family);
  if (bind(listener.get(), raw(address), address.length) != 0 || listen(listener.get(), SOMAXCONN) != 0)
    throw system_error(fmt::format("listen for TCP connections on {}", numeric), errno);
  address.length = sizeof address.storage;
  if (getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address.storage), &address.length) != 0)
    throw system_error("read the port of a TCP listener", errno);
  port = address.storage.ss_family == AF_INET6
             ? ntohs(reinterpret_cast<const sockaddr_in6*>(&address.storage)->sin6_port)
             : ntohs(reinterpret_cast<const sockaddr_in*>(&address.storage)->sin_port);
  return listener;
}

Descriptor start_connecting(const SocketAddress& address) {
  Descriptor socket = new_socket(address.storage.ss_family);
  tune(socket.get());
  if (connect(socket.get(), raw(address), address.length) != 0 && errno != EINPROGRESS)
    throw system_error("connect a TCP socket", errno);
  return socket;
}

Descriptor accept_waiting(int listener) {
  for (;;) {
    Descriptor accepted(accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (accepted.get() >= 0) {
      tune(accepted.get());
      return accepted;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) return accepted;
    if (errno == EMFILE || errno == ENFILE) throw_too_few_descriptors(errno);
    if (!concerns_one_connection(errno)) throw system_error("accept a TCP connection", errno);
  }
}

int pending_error(int socket) noexcept {
  int error = 0;
  socklen_t length = sizeof error;
  return getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}

void raise_descriptor_limit(std::size_t connections) noexcept {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t wanted = std::min<rlim_t>(connections + other_descriptors, limit.rlim_max);
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = wanted;
  setrlimit(RLIMIT_NOFILE, &limit);
}

void throw_too_few_descriptors(int errno_value) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  throw RunError(
      fmt::format("tcp needs a file descriptor for each peer it talks to and this process may have {} "
                  "in all: raise the limit (ulimit -n) on every node to the number of ranks + {}",
                  limit.rlim_cur, other_descriptors),
      errno_value);
}

}  // namespace podbench::tcp
