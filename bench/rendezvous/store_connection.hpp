// One connection of the store: its socket, its handshake, and the bytes that wait on either side. Unproved,
// it buffers at most one hello and one proof.
// Thread-safety: none. Errors: RunError for whatever ends the connection.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "bench/rendezvous/channel.hpp"
#include "bench/rendezvous/file_descriptor.hpp"
#include "bench/rendezvous/message.hpp"

namespace podbench {

class StoreConnection {
 public:
  StoreConnection(FileDescriptor socket, const Secret& secret, std::int64_t opened_ns);

  // Reads what is there and hands every complete message over. False where the peer has closed.
  [[nodiscard]] bool receive(const std::function<void(Message&&)>& take);
  void send(const Message& message);
  void flush();

  [[nodiscard]] bool proved() const noexcept { return channel_.has_value(); }
  [[nodiscard]] bool wants_to_write() const noexcept { return written_ < out_.size(); }
  [[nodiscard]] int descriptor() const noexcept { return socket_.get(); }
  [[nodiscard]] std::int64_t opened_ns() const noexcept { return opened_ns_; }

  int rank = -1;  // once it has joined

 private:
  void consume(const std::function<void(Message&&)>& take);
  [[nodiscard]] bool shake_hands();

  FileDescriptor socket_;
  std::int64_t opened_ns_;
  StoreHandshake handshake_;
  bool challenged_ = false;
  std::optional<Channel> channel_;
  Blob in_, out_;
  std::size_t written_ = 0;
};

}  // namespace podbench
