#include "mailbox.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace toy {

using podbench::LostPeer;
using podbench::RunError;
using podbench::system_error;

Mailbox::Mailbox() : socket_(socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)) {
  if (socket_ < 0) throw system_error("open a datagram socket", errno);
  const sockaddr_un unnamed{AF_UNIX, {}};
  // Only the family: the kernel chooses a free name outside the file system.
  if (bind(socket_, reinterpret_cast<const sockaddr*>(&unnamed), sizeof unnamed.sun_family) != 0) {
    const int error = errno;
    close(socket_);
    throw system_error("name a datagram socket", error);
  }
}

Mailbox::~Mailbox() {
  close(socket_);
}

podbench::Blob Mailbox::name() const {
  Address own;
  own.length = sizeof own.name;
  if (getsockname(socket_, reinterpret_cast<sockaddr*>(&own.name), &own.length) != 0)
    throw system_error("read the name of a datagram socket", errno);
  const auto* first = reinterpret_cast<const std::byte*>(&own.name);
  return {first, first + own.length};
}

void Mailbox::set_peers(std::span<const podbench::Blob> names) {
  for (const podbench::Blob& name : names) {
    Address peer;
    if (name.size() > sizeof peer.name) throw RunError("a peer's mailbox has an impossible name");
    std::memcpy(&peer.name, name.data(), name.size());
    peer.length = static_cast<socklen_t>(name.size());
    peers_.push_back(peer);
  }
}

bool Mailbox::try_send(int peer, const Label& label, std::span<const std::byte> bytes) {
  Address& to = peers_[static_cast<std::size_t>(peer)];
  std::array<iovec, 2> parts{iovec{const_cast<Label*>(&label), sizeof label},
                             iovec{const_cast<std::byte*>(bytes.data()), bytes.size()}};
  msghdr message{};
  message.msg_name = &to.name;
  message.msg_namelen = to.length;
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  if (sendmsg(socket_, &message, MSG_NOSIGNAL) >= 0) return true;
  if (errno == EAGAIN || errno == ENOBUFS || errno == EINTR) return false;
  if (errno == ECONNREFUSED) throw LostPeer(peer, "its mailbox is gone", ECONNREFUSED);
  throw system_error("send a parcel", errno);
}

std::optional<Mailbox::Parcel> Mailbox::try_receive() {
  Address from;
  Label label;
  std::array<iovec, 2> parts{iovec{&label, sizeof label}, iovec{parcel_.data(), parcel_.size()}};
  msghdr message{};
  message.msg_name = &from.name;
  message.msg_namelen = sizeof from.name;
  message.msg_iov = parts.data();
  message.msg_iovlen = parts.size();
  const ssize_t got = recvmsg(socket_, &message, 0);
  if (got < 0) {
    if (errno == EAGAIN || errno == EINTR) return std::nullopt;
    throw system_error("receive a parcel", errno);
  }
  from.length = message.msg_namelen;
  const int peer = peer_of(from);
  const auto bytes = static_cast<std::size_t>(got);
  // Anybody on this node can write to the box: what does not come from a rank of ours is dropped.
  if (peer < 0 || bytes < sizeof label || (message.msg_flags & MSG_TRUNC) != 0) return std::nullopt;
  return Parcel{peer, label, std::span(parcel_).first(bytes - sizeof label)};
}

void Mailbox::wait(std::chrono::microseconds span) const {
  pollfd waited{socket_, POLLIN, 0};
  const auto ns = std::chrono::nanoseconds(span).count();
  const timespec timeout{ns / 1'000'000'000, ns % 1'000'000'000};
  ppoll(&waited, 1, &timeout, nullptr);
}

int Mailbox::peer_of(const Address& sender) const {
  for (std::size_t peer = 0; peer < peers_.size(); ++peer)
    if (peers_[peer].length == sender.length &&
        std::memcmp(&peers_[peer].name, &sender.name, sender.length) == 0)
      return static_cast<int>(peer);
  return -1;
}

}  // namespace toy
