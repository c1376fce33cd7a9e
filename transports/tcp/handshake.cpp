#include "transports/tcp/handshake.hpp"

#include <poll.h>
#include <sodium.h>

#include <cerrno>
#include <cstring>
#include <limits>

#include "base/error.hpp"

namespace podbench::tcp {
namespace {

// Changes with the frames of wire.hpp; reads differently on a host of the other byte order.
constexpr std::uint64_t format_mark = 0x706f646e65740001;

void need_sodium() {
  if (sodium_init() < 0) throw RunError("libsodium cannot be initialised: no source of random numbers");
}

}  // namespace

Token random_token() {
  need_sodium();
  Token token;
  randombytes_buf(token.data(), token.size());
  return token;
}

Handshake::Handshake(Descriptor socket, const Token& token, bool connects, int rank)
    : socket_(std::move(socket)),
      token_(token),
      connects_(connects),
      rank_(rank),
      deadline_(Deadline::after(handshake_patience)) {
  need_sodium();
  randombytes_buf(own_nonce_.data(), own_nonce_.size());
}

Handshake Handshake::connector(Descriptor socket, const Token& acceptors_token, int own_rank) {
  return Handshake(std::move(socket), acceptors_token, true, own_rank);
}

Handshake Handshake::acceptor(Descriptor socket, const Token& own_token) {
  Handshake handshake(std::move(socket), own_token, false, -1);
  handshake.send_greeting();
  return handshake;
}

Handshake::State Handshake::advance() {
  State before;
  do {
    before = state_;
    if (state_ == State::connecting) finish_connecting();
    if (state_ == State::greeting) answer_greeting();
    if (state_ == State::proving) connects_ ? check_acceptors_proof() : check_answer();
  } while (state_ != before && state_ != State::ready && state_ != State::failed);
  return state_;
}

void Handshake::finish_connecting() {
  pollfd writable{socket_.get(), POLLOUT, 0};
  if (poll(&writable, 1, 0) <= 0) return;
  const int error = pending_error(socket_.get());
  if (error != 0) return fail("cannot be connected to", error);
  state_ = State::greeting;
}

void Handshake::send_greeting() {
  const Greeting greeting{format_mark, own_nonce_};
  state_ = State::proving;
  send_whole(&greeting, sizeof greeting);
}

void Handshake::answer_greeting() {
  if (!receive(sizeof(Greeting))) return;
  Greeting greeting;
  std::memcpy(&greeting, incoming_.data(), sizeof greeting);
  if (greeting.mark != format_mark) return fail("speaks another version of the protocol");
  peers_nonce_ = greeting.nonce;
  const Answer answer{format_mark, rank_, own_nonce_, proof_of("connect", peers_nonce_, own_nonce_)};
  received_bytes_ = 0;
  state_ = State::proving;
  send_whole(&answer, sizeof answer);
}

void Handshake::check_answer() {
  if (!receive(sizeof(Answer))) return;
  Answer answer;
  std::memcpy(&answer, incoming_.data(), sizeof answer);
  if (answer.mark != format_mark) return fail("speaks another version of the protocol");
  if (answer.rank < 0 || answer.rank > std::numeric_limits<int>::max()) return fail("claims an absurd rank");
  rank_ = static_cast<int>(answer.rank);
  peers_nonce_ = answer.nonce;
  const Proof expected = proof_of("connect", own_nonce_, peers_nonce_);
  if (sodium_memcmp(expected.data(), answer.proof.data(), expected.size()) != 0)
    return fail("does not know the launch's token");
  const Proof proof = proof_of("accept", own_nonce_, peers_nonce_);
  state_ = State::ready;
  send_whole(proof.data(), proof.size());
}

void Handshake::check_acceptors_proof() {
  if (!receive(sizeof(Proof))) return;
  const Proof expected = proof_of("accept", peers_nonce_, own_nonce_);
  if (sodium_memcmp(expected.data(), incoming_.data(), expected.size()) != 0)
    return fail("does not know its own token");
  state_ = State::ready;
}

Handshake::Proof Handshake::proof_of(const char* role, const Nonce& acceptors,
                                     const Nonce& connectors) const {
  const std::int64_t rank = rank_;
  crypto_generichash_state state;
  Proof proof;
  crypto_generichash_init(&state, reinterpret_cast<const unsigned char*>(token_.data()), token_.size(),
                          proof.size());
  const auto add = [&state](const void* bytes, std::size_t count) {
    crypto_generichash_update(&state, static_cast<const unsigned char*>(bytes), count);
  };
  add(role, std::strlen(role) + 1);
  add(acceptors.data(), acceptors.size());
  add(connectors.data(), connectors.size());
  add(&rank, sizeof rank);
  crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(proof.data()), proof.size());
  return proof;
}

bool Handshake::receive(std::size_t bytes) {
  while (received_bytes_ < bytes) {
    const ssize_t got = recv(socket_.get(), incoming_.data() + received_bytes_, bytes - received_bytes_, 0);
    if (got > 0) {
      received_bytes_ += static_cast<std::size_t>(got);
    } else if (got == 0) {
      fail("closed the connection before it was established", ECONNRESET);
      return false;
    } else if (errno != EINTR) {
      if (errno != EAGAIN && errno != EWOULDBLOCK) fail("broke the connection", errno);
      return false;
    }
  }
  return true;
}

// A fresh connection's send buffer takes these few bytes whole; one that does not is broken.
void Handshake::send_whole(const void* message, std::size_t bytes) {
  const ssize_t sent = send(socket_.get(), message, bytes, MSG_NOSIGNAL);
  if (sent < 0) return fail("broke the connection", errno);
  if (static_cast<std::size_t>(sent) != bytes) fail("takes no bytes", ENOBUFS);
}

void Handshake::fail(std::string reason, int error) {
  reason_ = std::move(reason);
  error_ = error;
  state_ = State::failed;
}

}  // namespace podbench::tcp
