// A rank's end of the connection to the director's store: the proved connection, requests and their replies,
// and the thread that watches it.
// Thread-safety: send() from any thread; one thread at a time waits for replies.
// Errors: RunError where the connection is broken or a deadline passes.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <thread>

#include "bench/rendezvous/channel.hpp"
#include "bench/rendezvous/file_descriptor.hpp"
#include "bench/rendezvous/message.hpp"
#include "bench/rendezvous/store_rendezvous.hpp"

namespace podbench {

class StoreClient {
 public:
  // Connects and proves; returns when the store has proved itself too.
  StoreClient(std::string_view addresses, const Secret& secret, Deadline deadline);
  ~StoreClient();
  StoreClient(const StoreClient&) = delete;
  StoreClient& operator=(const StoreClient&) = delete;

  void send(const Message& message, Deadline deadline);
  // The next reply, which must be one of `expected` or `other`.
  [[nodiscard]] Message receive(MessageKind expected, MessageKind other, Deadline deadline,
                                std::string_view doing);

  // From now on `ended` is called when the connection breaks.
  void watch(LaunchEnded ended);
  // From now on a broken connection is no news.
  void expect_end();
  // True once the launch is over or the store has closed the connection, false at the deadline.
  [[nodiscard]] bool await_end(Deadline deadline);
  // Says that nothing more will be sent and awaits the end, so that all that was sent has been read.
  void hang_up(Deadline deadline);

  [[nodiscard]] const std::string& own_address() const noexcept { return own_address_; }
  // Whether the store runs on this host.
  [[nodiscard]] bool within_host() const noexcept { return within_host_; }

 private:
  void connect(std::string_view addresses, const Secret& secret, Deadline deadline);
  [[nodiscard]] bool prove(const Secret& secret, Deadline deadline);
  [[nodiscard]] Blob read_exactly(std::size_t bytes, Deadline deadline);
  void write_all(std::span<const std::byte> bytes, Deadline deadline);

  void listen();
  [[nodiscard]] bool take_frames(Blob& in);
  void broken(const std::string& reason, bool stated = false);

  FileDescriptor socket_, stop_;
  std::optional<Channel> channel_;
  std::string own_address_;
  bool within_host_ = false;

  std::mutex sending_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::queue<Message> replies_;
  std::string broken_;  // why, empty while it is whole
  bool end_expected_ = false;
  LaunchEnded ended_;

  std::thread listener_;
};

}  // namespace podbench
