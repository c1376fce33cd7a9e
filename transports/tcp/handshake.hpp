// How the two ends of a new connection prove to each other that they belong to the launch.
//
// Each rank publishes a random 128-bit token through the rendezvous, which strangers cannot read. The token
// itself never goes over a connection; both ends show that they know it (keyed BLAKE2b over both nonces):
//   acceptor  -> connector: format mark, nonce A
//   connector -> acceptor:  format mark, its rank, nonce C, proof over ("connect", A, C, rank)
//   acceptor  -> connector: proof over ("accept", A, C, rank)
// Every message has a fixed length and is read no further, so that a stranger can make nobody allocate; the
// owner gives up after handshake_patience. Thread-safety: one thread. Blocking: never.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/clock.hpp"
#include "transports/tcp/socket.hpp"

namespace podbench::tcp {

using Token = std::array<std::byte, 16>;
[[nodiscard]] Token random_token();

// How long an acceptor keeps a connection that has proved nothing. A peer may be late for a good reason: it
// answers only when it next makes progress.
inline constexpr std::chrono::seconds handshake_patience{30};

class Handshake {
 public:
  enum class State : std::uint8_t { connecting, greeting, proving, ready, failed };

  static Handshake connector(Descriptor socket, const Token& acceptors_token, int own_rank);
  static Handshake acceptor(Descriptor socket, const Token& own_token);

  // Goes as far as the socket allows without waiting.
  State advance();

  [[nodiscard]] State state() const noexcept { return state_; }
  // The connector's rank: as given, or as proved (valid once ready).
  [[nodiscard]] int rank() const noexcept { return rank_; }
  // Why it failed; `error()` is the errno, 0 where the peer broke the protocol.
  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }
  [[nodiscard]] int error() const noexcept { return error_; }
  [[nodiscard]] const Deadline& deadline() const noexcept { return deadline_; }
  [[nodiscard]] int socket() const noexcept { return socket_.get(); }
  // The ready socket.
  [[nodiscard]] Descriptor take_socket() noexcept { return std::move(socket_); }

 private:
  using Nonce = std::array<std::byte, 16>;
  using Proof = std::array<std::byte, 32>;
  struct Greeting {
    std::uint64_t mark;
    Nonce nonce;
  };
  struct Answer {
    std::uint64_t mark;
    std::int64_t rank;
    Nonce nonce;
    Proof proof;
  };

  Handshake(Descriptor socket, const Token& token, bool connects, int rank);
  [[nodiscard]] Proof proof_of(const char* role, const Nonce& acceptors, const Nonce& connectors) const;
  void finish_connecting();
  void send_greeting();
  void answer_greeting();
  void check_answer();
  void check_acceptors_proof();
  // Fills `incoming_` up to `bytes`; false where more must come.
  bool receive(std::size_t bytes);
  void send_whole(const void* message, std::size_t bytes);
  void fail(std::string reason, int error = 0);

  Descriptor socket_;
  Token token_;
  bool connects_;
  int rank_;
  State state_ = State::connecting;
  Nonce own_nonce_;
  Nonce peers_nonce_{};
  std::array<std::byte, sizeof(Answer)> incoming_{};
  std::size_t received_bytes_ = 0;
  std::string reason_;
  int error_ = 0;
  Deadline deadline_;
};

}  // namespace podbench::tcp
