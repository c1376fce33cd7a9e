#include "bench/rendezvous/store_connection.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/error.hpp"

namespace podbench {
namespace {

// A rank that does not read what it asked for is not waited for beyond this.
constexpr std::size_t most_unsent_bytes = std::size_t{1} << 26;

bool would_block(int error) {
  return error == EAGAIN || error == EWOULDBLOCK;
}

}  // namespace

StoreConnection::StoreConnection(FileDescriptor socket, const Secret& secret, std::int64_t opened_ns)
    : socket_(std::move(socket)), opened_ns_(opened_ns), handshake_(secret) {}

bool StoreConnection::receive(const std::function<void(Message&&)>& take) {
  std::array<std::byte, 65'536> chunk;
  while (true) {
    const std::size_t room = channel_ ? chunk.size() : hello_bytes + proof_bytes - in_.size();
    const ssize_t got = recv(socket_.get(), chunk.data(), room, 0);
    if (got == 0) return false;
    if (got < 0) {
      if (errno == EINTR) continue;
      if (would_block(errno)) return true;
      throw system_error("its connection broke", errno);
    }
    in_.insert(in_.end(), chunk.begin(), chunk.begin() + got);
    consume(take);
    if (static_cast<std::size_t>(got) < room) return true;
  }
}

void StoreConnection::consume(const std::function<void(Message&&)>& take) {
  while (!channel_)
    if (!shake_hands()) return;
  std::size_t start = 0;
  while (true) {
    std::size_t used = 0;
    const auto plain = channel_->open(std::span(in_).subspan(start), used);
    if (!plain) break;
    start += used;
    auto message = decode(*plain);
    if (!message) throw RunError("its message makes no sense");
    take(std::move(*message));
  }
  in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(start));
}

// One step of the handshake; false while its bytes are incomplete.
bool StoreConnection::shake_hands() {
  const std::size_t needed = challenged_ ? proof_bytes : hello_bytes;
  if (in_.size() < needed) return false;
  if (!challenged_) {
    const auto challenge = handshake_.answer(std::span(in_).first<hello_bytes>());
    if (!challenge) throw RunError("it is no rank of podbench");
    challenged_ = true;
    out_.insert(out_.end(), challenge->begin(), challenge->end());
    flush();
  } else {
    if (!handshake_.accept(std::span(in_).first<proof_bytes>()))
      throw RunError("it does not know the secret");
    channel_ = handshake_.channel();
  }
  in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(needed));
  return true;
}

void StoreConnection::send(const Message& message) {
  if (out_.size() - written_ > most_unsent_bytes) throw RunError("it does not read its messages");
  channel_->seal(encode(message), out_);
  flush();
}

void StoreConnection::flush() {
  while (written_ < out_.size()) {
    const ssize_t sent = ::send(socket_.get(), &out_[written_], out_.size() - written_, MSG_NOSIGNAL);
    if (sent >= 0) {
      written_ += static_cast<std::size_t>(sent);
    } else if (would_block(errno)) {
      return;
    } else if (errno != EINTR) {
      throw system_error("its connection broke", errno);
    }
  }
  out_.clear();
  written_ = 0;
}

}  // namespace podbench
