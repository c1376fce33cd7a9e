// The writing half of a connection: queued frames, as many as possible in one system call.

#include <sys/uio.h>

#include <cerrno>

#include "transports/tcp/connection.hpp"

namespace podbench::tcp {
namespace {

constexpr std::size_t most_frames_a_call = 32;

}  // namespace

void Connection::flush() {
  if (!established()) return;
  while (!outgoing_.empty()) {
    std::array<iovec, 2 * most_frames_a_call> parts;
    std::size_t count = 0;
    std::size_t wanted = 0;
    std::size_t skip = head_written_;
    const auto add = [&](void* data, std::size_t bytes) {
      if (skip >= bytes) {
        skip -= bytes;
        return;
      }
      parts[count++] = {static_cast<std::byte*>(data) + skip, bytes - skip};
      wanted += bytes - skip;
      skip = 0;
    };
    for (std::size_t i = 0; i < outgoing_.size() && i < most_frames_a_call; ++i) {
      Outgoing& frame = outgoing_[i];
      add(&frame.header, sizeof frame.header);
      if (frame.payload != nullptr) add(frame.payload->data, frame.payload->bytes);
    }
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = count;
    const ssize_t written = sendmsg(socket_.get(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (written < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN || errno == EWOULDBLOCK) return;
      lose("sending failed", errno);
    }
    advance_outgoing(static_cast<std::size_t>(written));
    // Short: the socket is full; the next call would only say so.
    if (static_cast<std::size_t>(written) < wanted) return;
  }
}

void Connection::advance_outgoing(std::size_t written) {
  head_written_ += written;
  while (!outgoing_.empty()) {
    Outgoing& frame = outgoing_[0];
    const std::size_t bytes = sizeof frame.header + (frame.payload != nullptr ? frame.payload->bytes : 0);
    if (head_written_ < bytes) return;
    head_written_ -= bytes;
    if (frame.payload != nullptr) frame.payload->complete();
    outgoing_.pop_front();
  }
}

}  // namespace podbench::tcp
