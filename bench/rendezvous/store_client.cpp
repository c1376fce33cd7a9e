#include "bench/rendezvous/store_client.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "base/error.hpp"
#include "bench/rendezvous/socket.hpp"

namespace podbench {
namespace {

// One of several addresses that leads nowhere must not use up the whole deadline.
Deadline earlier(Deadline deadline, std::chrono::nanoseconds span) {
  return deadline.left() < span ? deadline : Deadline::after(span);
}

}  // namespace

StoreClient::StoreClient(std::string_view addresses, const Secret& secret, Deadline deadline)
    : stop_(eventfd(0, EFD_CLOEXEC)) {
  if (!stop_) throw system_error("cannot make an event descriptor", errno);
  connect(addresses, secret, deadline);
  own_address_ = local_address(socket_);
  within_host_ = own_address_ == remote_address(socket_);
  // The listener must not take signals that the program's own threads wait for.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  listener_ = std::thread([this] { listen(); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

StoreClient::~StoreClient() {
  expect_end();
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(stop_.get(), &one, sizeof one);
  listener_.join();
}

void StoreClient::connect(std::string_view addresses, const Secret& secret, Deadline deadline) {
  const std::vector<HostPort> choices = parse_addresses(addresses);
  const auto patience = choices.size() == 1 ? std::chrono::seconds(10) : std::chrono::seconds(2);
  std::chrono::milliseconds pause(1);
  while (true) {
    for (const HostPort& address : choices) {
      socket_ = connect_to(address, earlier(deadline, patience));
      if (socket_ && prove(secret, earlier(deadline, std::chrono::seconds(10)))) return;
    }
    if (deadline.left() < pause)
      throw RunError(fmt::format("cannot join the launch: nobody at {} knows its secret", addresses));
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::milliseconds(200));
  }
}

bool StoreClient::prove(const Secret& secret, Deadline deadline) try {
  RankHandshake handshake(secret);
  write_all(handshake.hello(), deadline);
  const Blob challenge = read_exactly(challenge_bytes, deadline);
  const auto proof = handshake.answer(std::span(challenge).first<challenge_bytes>());
  if (!proof) return false;
  write_all(*proof, deadline);
  channel_ = handshake.channel();
  return true;
} catch (const RunError&) {
  return false;  // cut off, or not a store: the next address is tried
}

Blob StoreClient::read_exactly(std::size_t bytes, Deadline deadline) {
  Blob in(bytes);
  for (std::size_t got = 0; got < bytes;) {
    const ssize_t n = recv(socket_.get(), &in[got], bytes - got, 0);
    if (n == 0) throw RunError("the connection ended");
    if (n > 0) {
      got += static_cast<std::size_t>(n);
    } else if (errno == EAGAIN) {
      if (!wait_for(socket_, POLLIN, deadline)) throw RunError("the deadline passed");
    } else if (errno != EINTR) {
      throw system_error("the connection broke", errno);
    }
  }
  return in;
}

void StoreClient::write_all(std::span<const std::byte> bytes, Deadline deadline) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(n));
    } else if (errno == EAGAIN) {
      if (!wait_for(socket_, POLLOUT, deadline)) throw RunError("the director's store does not read");
    } else if (errno != EINTR) {
      throw system_error("the connection to the director's store broke", errno);
    }
  }
}

void StoreClient::send(const Message& message, Deadline deadline) {
  std::unique_lock lock(sending_, std::try_to_lock);
  while (!lock.owns_lock()) {
    if (deadline.passed()) throw RunError("the connection to the director's store is busy");
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    lock = std::unique_lock(sending_, std::try_to_lock);
  }
  Blob frame;
  channel_->seal(encode(message), frame);
  write_all(frame, deadline);
}

Message StoreClient::receive(MessageKind expected, MessageKind other, Deadline deadline,
                             std::string_view doing) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, deadline.left(), [&] { return !replies_.empty() || !broken_.empty(); }))
    throw RunError(fmt::format("{}: the deadline passed", doing));
  if (replies_.empty()) throw RunError(fmt::format("{}: {}", doing, broken_));
  Message reply = std::move(replies_.front());
  replies_.pop();
  if (reply.kind == MessageKind::refused) throw RunError(reply.text);
  if (reply.kind != expected && reply.kind != other)
    throw RunError(fmt::format("{}: the director's store answered something else", doing));
  return reply;
}

void StoreClient::watch(LaunchEnded ended) {
  const std::lock_guard lock(mutex_);
  if (!broken_.empty()) throw RunError("the launch ended while it was joined: " + broken_);
  ended_ = std::move(ended);
}

void StoreClient::expect_end() {
  const std::lock_guard lock(mutex_);
  end_expected_ = true;
}

bool StoreClient::await_end(Deadline deadline) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, deadline.left(), [&] { return !broken_.empty(); });
}

void StoreClient::hang_up(Deadline deadline) {
  shutdown(socket_.get(), SHUT_WR);
  static_cast<void>(await_end(deadline));
}

// The listener's thread: sleeps until the store says something, the connection ends, or stop_ is raised.
void StoreClient::listen() {
  Blob in;
  std::array<std::byte, 16'384> chunk;
  while (true) {
    std::array<pollfd, 2> waiting{pollfd{.fd = socket_.get(), .events = POLLIN, .revents = 0},
                                  pollfd{.fd = stop_.get(), .events = POLLIN, .revents = 0}};
    if (poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) return broken("it cannot be watched");
    if (waiting[1].revents != 0) return;
    if (waiting[0].revents == 0) continue;
    const ssize_t got = recv(socket_.get(), chunk.data(), chunk.size(), 0);
    if (got == 0) return broken("the director is gone");
    if (got < 0 && errno != EAGAIN && errno != EINTR) return broken("the connection to the director broke");
    if (got < 0) continue;
    in.insert(in.end(), chunk.begin(), chunk.begin() + got);
    if (!take_frames(in)) return;
  }
}

// False where the connection is of no use any more.
bool StoreClient::take_frames(Blob& in) try {
  std::size_t start = 0, used = 0;
  while (const auto plain = channel_->open(std::span(in).subspan(start), used)) {
    start += used;
    auto message = decode(*plain);
    if (!message) throw RunError("a message that makes no sense");
    if (message->kind == MessageKind::ping) {
      send(Message{.kind = MessageKind::pong}, Deadline::after(std::chrono::seconds(10)));
      continue;
    }
    if (message->kind == MessageKind::over) {
      broken("the launch is over", true);
      return false;
    }
    const std::lock_guard lock(mutex_);
    replies_.push(std::move(*message));
    changed_.notify_all();
  }
  in.erase(in.begin(), in.begin() + static_cast<std::ptrdiff_t>(start));
  return true;
} catch (const RunError& error) {
  broken(std::string("the connection to the director broke: ") + error.what());
  return false;
}

void StoreClient::broken(const std::string& reason, bool stated) {
  LaunchEnded ended;
  {
    const std::lock_guard lock(mutex_);
    broken_ = reason;
    if (!end_expected_) ended = ended_;
    changed_.notify_all();
  }
  if (ended) ended(stated ? std::string() : reason);
}

}  // namespace podbench
