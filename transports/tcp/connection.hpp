// One established connection to one peer: turns operations into frames and frames into completions.
//
// The protocol is explained in wire.hpp. Receiving is edge-triggered: a read that comes back short has
// emptied the socket, and the next arrival makes a new event. Payloads go from the socket straight into the
// posted buffer. Thread-safety: one thread. Blocking: never.
// Errors: LostPeer for a broken connection or protocol, RunError for a message longer than its receive.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "transports/tcp/operation.hpp"
#include "transports/tcp/parking.hpp"
#include "transports/tcp/ring.hpp"
#include "transports/tcp/socket.hpp"
#include "transports/tcp/wire.hpp"

namespace podbench::tcp {

class Connection {
 public:
  // `peer_name` ("rank 3 on node7") is asked for only when there is something to complain about.
  Connection(int peer, std::function<std::string(int)> peer_name);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  [[nodiscard]] int peer() const noexcept { return peer_; }
  [[nodiscard]] bool established() const noexcept { return socket_.get() >= 0; }
  [[nodiscard]] int socket() const noexcept { return socket_.get(); }
  // Operations may be posted before: they wait.
  void establish(Descriptor socket);

  // The counter of a tag; it stays where it is for the connection's lifetime.
  [[nodiscard]] TagCounter& counter(std::uint16_t tag);

  void post_receive(Operation& operation);
  void post_send(Operation& operation);

  // Writes what the socket takes. What post_* queued goes out here, together.
  void flush();
  [[nodiscard]] bool has_unwritten() const noexcept { return !outgoing_.empty(); }

  // Takes in what has arrived; false where more may be waiting (it stops after a while, so that the other
  // direction gets its turn). `ending`: an event said that the peer has shut down, so read to the end.
  bool read(bool ending);

  // The connection has failed.
  [[noreturn]] void lose(std::string_view how, int error) const;

 private:
  struct Outgoing {
    Header header{};
    Operation* payload = nullptr;
  };

  void queue(FrameKind kind, std::uint16_t tag, std::uint32_t sequence, std::uint64_t bytes,
             Operation* payload = nullptr);
  void queue_payload(FrameKind kind, Operation& operation);
  void grant(Operation& receive);
  void advance_outgoing(std::size_t written);

  void take_in(std::size_t received);
  void parse_staged();
  void handle(const Header& header);
  void begin_message(const Header& header, Operation* receive);
  void finish_message();
  void on_offer(const Header& header);
  void on_grant(const Header& header);
  void return_credit(std::uint64_t message_bytes);
  void unpark(const Parking::Message& message, Operation& receive);
  void check_fits(const Operation& receive, std::uint64_t bytes) const;

  int peer_;
  std::function<std::string(int)> peer_name_;
  Descriptor socket_;
  std::deque<TagCounter> counters_;

  // Sending.
  Ring<Outgoing> outgoing_;
  std::size_t head_written_ = 0;  // bytes of outgoing_[0] that the kernel has
  std::uint64_t credit_ = credit_window;
  OperationList ungranted_;           // sends that wait for their grant
  std::vector<Header> early_grants_;  // grants for sends that are not posted yet

  // Receiving.
  OperationList posted_;
  Parking parking_;
  std::vector<Header> parked_offers_;
  std::uint64_t credit_used_ = 0;        // by the peer, as far as it has not been told otherwise
  std::uint64_t credit_to_return_ = 0;   // of that, what is consumed
  std::array<std::byte, 4096> staging_;  // headers and small payloads, several frames a read
  std::size_t staged_ = 0;
  // The message whose payload is arriving, and where to: a receive or, where that is null, a parking place.
  Header arriving_header_{};
  Operation* arriving_ = nullptr;
  Parking::Message* arriving_parked_ = nullptr;
  std::byte* payload_at_ = nullptr;
  std::size_t payload_left_ = 0;
};

}  // namespace podbench::tcp
