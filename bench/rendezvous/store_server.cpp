#include "bench/rendezvous/store_server.hpp"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <mutex>
#include <set>
#include <thread>

#include "base/error.hpp"
#include "bench/rendezvous/socket.hpp"
#include "bench/rendezvous/store_connection.hpp"
#include "bench/rendezvous/store_state.hpp"

namespace podbench {
namespace {

constexpr std::uint64_t listener_id = 0, wake_id = 1, first_connection_id = 2;
constexpr std::int64_t accept_pause_ns = 50'000'000;

FileDescriptor new_event_descriptor() {
  FileDescriptor descriptor(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!descriptor) throw system_error("cannot make an event descriptor", errno);
  return descriptor;
}

void raise(const FileDescriptor& event) {
  const std::uint64_t one = 1;
  // Only a full counter refuses, and then it is raised already.
  [[maybe_unused]] const ssize_t written = write(event.get(), &one, sizeof one);
}

void lower(const FileDescriptor& event) {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = read(event.get(), &count, sizeof count);
}

std::string address_list(bool other_hosts, std::uint16_t port) {
  std::string list;
  if (other_hosts)
    for (const std::string& address : own_addresses())
      list += address.find(':') == std::string::npos ? fmt::format("{}:{},", address, port)
                                                     : fmt::format("[{}]:{},", address, port);
  return list + fmt::format("127.0.0.1:{}", port);
}

}  // namespace

// The server's thread and all it owns. `mutex_` guards the state and the events; connections belong to the
// thread alone.
class StoreServer::Loop {
 public:
  explicit Loop(const StoreOptions& options)
      : options_(options),
        secret_(Secret::random()),
        launch_id_(new_launch_id()),
        listener_(listen_somewhere(options.other_hosts)),
        address_(address_list(options.other_hosts, listener_.port)),
        poller_(epoll_create1(EPOLL_CLOEXEC)),
        wake_(new_event_descriptor()),
        events_ready_(new_event_descriptor()),
        state_(options, launch_id_) {
    if (!poller_) throw system_error("cannot make a poller", errno);
    watch(EPOLL_CTL_ADD, listener_.socket.get(), EPOLLIN, listener_id);
    watch(EPOLL_CTL_ADD, wake_.get(), EPOLLIN, wake_id);
    start_thread();
  }

  ~Loop() {
    stopping_ = true;
    raise(wake_);
    thread_.join();
  }

  const std::string& address() const noexcept { return address_; }
  const Secret& secret() const noexcept { return secret_; }
  const std::string& launch_id() const noexcept { return launch_id_; }
  int event_descriptor() const noexcept { return events_ready_.get(); }

  void set(std::string_view key, Blob value) {
    const std::lock_guard lock(mutex_);
    state_.set(key, std::move(value));
  }

  void end_launch() {
    const std::lock_guard lock(mutex_);
    state_.end_launch();
    raise(wake_);
  }

  std::vector<StoreEvent> take_events() {
    const std::lock_guard lock(mutex_);
    lower(events_ready_);
    return std::exchange(events_, {});
  }

 private:
  // Signals are for the threads of the director that wait for them.
  void start_thread() {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this] { run(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  void run() {
    std::array<epoll_event, 64> ready;
    while (!stopping_) {
      const int count = epoll_wait(poller_.get(), ready.data(), static_cast<int>(ready.size()), timeout_ms());
      for (int i = 0; i < count; ++i) serve(ready[static_cast<std::size_t>(i)]);
      expire();
    }
  }

  void serve(const epoll_event& event) {
    if (event.data.u64 == listener_id) return accept_some();
    if (event.data.u64 == wake_id) return lower(wake_);
    const auto found = connections_.find(event.data.u64);
    if (found == connections_.end()) return;  // closed by an earlier event of this round
    try {
      if ((event.events & EPOLLOUT) != 0) found->second->flush();
      if ((event.events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0 && !read_from(found->first)) return;
      update_interest(found->first);
    } catch (const RunError& error) {
      end(found->first, error.what());
    }
  }

  // False where the connection is gone afterwards.
  bool read_from(std::uint64_t id) {
    StoreConnection& connection = *connections_.at(id);
    const bool open = connection.receive([&](Message&& message) { obey(id, message); });
    if (connection.proved()) unproved_.erase(id);
    deliver();
    if (!open && connections_.contains(id)) end(id, "its connection ended");
    return connections_.contains(id);
  }

  void obey(std::uint64_t id, const Message& message) {
    StoreConnection& connection = *connections_.at(id);
    const std::lock_guard lock(mutex_);
    const auto refusal =
        connection.rank < 0 ? state_.join(message) : state_.handle(connection.rank, message, now_ns());
    if (refusal) {
      connection.send(Message{.kind = MessageKind::refused, .text = *refusal});
      throw RunError(*refusal);
    }
    if (connection.rank < 0) {
      connection.rank = message.rank;
      connection_of_rank_[message.rank] = id;
    }
  }

  // Sends what the state wants sent and publishes its events, until there is neither.
  void deliver() {
    std::vector<StoreState::Outgoing> outgoing;
    {
      const std::lock_guard lock(mutex_);
      outgoing = state_.take_outgoing();
      std::vector<StoreEvent> events = state_.take_events();
      if (!events.empty()) raise(events_ready_);
      std::move(events.begin(), events.end(), std::back_inserter(events_));
    }
    for (const auto& [rank, message] : outgoing) {
      const auto found = connection_of_rank_.find(rank);
      if (found == connection_of_rank_.end()) continue;
      const std::uint64_t id = found->second;
      try {
        connections_.at(id)->send(message);
        update_interest(id);
      } catch (const RunError& error) {
        doomed_.emplace_back(id, error.what());
      }
    }
  }

  void end(std::uint64_t id, const std::string& why) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    if (const int rank = found->second->rank; rank >= 0) {
      connection_of_rank_.erase(rank);
      const std::lock_guard lock(mutex_);
      state_.lose(rank, why);
    }
    unproved_.erase(id);
    connections_.erase(found);
    deliver();
  }

  void accept_some() {
    for (int i = 0; i < 64; ++i) {
      FileDescriptor socket(accept4(listener_.socket.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (!socket) {
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) make_room();
        return;
      }
      if (unproved_.size() >= options_.most_unproved) end(*unproved_.begin(), "it makes way for a newer one");
      tune(socket);
      const std::uint64_t id = next_id_++;
      watch(EPOLL_CTL_ADD, socket.get(), EPOLLIN, id);
      connections_.emplace(id, std::make_unique<StoreConnection>(std::move(socket), secret_, now_ns()));
      unproved_.insert(id);
    }
  }

  // Out of descriptors: the oldest stranger goes; without strangers, nobody is accepted for a moment.
  void make_room() {
    if (!unproved_.empty()) return end(*unproved_.begin(), "it makes way for a newer one");
    watch(EPOLL_CTL_MOD, listener_.socket.get(), 0, listener_id);
    accept_again_ns_ = now_ns() + accept_pause_ns;
  }

  void expire() {
    const std::int64_t now = now_ns();
    while (!doomed_.empty()) {
      const auto [id, why] = doomed_.back();
      doomed_.pop_back();
      end(id, why);
    }
    while (!unproved_.empty() && connections_.at(*unproved_.begin())->opened_ns() + proof_span_ns() <= now)
      end(*unproved_.begin(), "it did not prove itself in time");
    if (accept_again_ns_ != 0 && accept_again_ns_ <= now) {
      accept_again_ns_ = 0;
      watch(EPOLL_CTL_MOD, listener_.socket.get(), EPOLLIN, listener_id);
    }
    {
      const std::lock_guard lock(mutex_);
      state_.tick(now);
    }
    deliver();
  }

  int timeout_ms() {
    std::int64_t next = now_ns() + 60'000'000'000;
    if (!unproved_.empty())
      next = std::min(next, connections_.at(*unproved_.begin())->opened_ns() + proof_span_ns());
    if (accept_again_ns_ != 0) next = std::min(next, accept_again_ns_);
    {
      const std::lock_guard lock(mutex_);
      if (const auto tick = state_.next_tick_ns()) next = std::min(next, *tick);
    }
    if (!doomed_.empty()) return 0;
    return static_cast<int>(std::max<std::int64_t>(0, (next - now_ns() + 999'999) / 1'000'000));
  }

  std::int64_t proof_span_ns() const { return std::chrono::nanoseconds(options_.proof_deadline).count(); }

  void update_interest(std::uint64_t id) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    const std::uint32_t events = found->second->wants_to_write() ? EPOLLIN | EPOLLOUT : EPOLLIN;
    watch(EPOLL_CTL_MOD, found->second->descriptor(), events, id);
  }

  void watch(int operation, int descriptor, std::uint32_t events, std::uint64_t id) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = id;
    epoll_ctl(poller_.get(), operation, descriptor, &event);
  }

  const StoreOptions options_;
  const Secret secret_;
  const std::string launch_id_;
  const Listener listener_;
  const std::string address_;
  const FileDescriptor poller_, wake_, events_ready_;

  std::map<std::uint64_t, std::unique_ptr<StoreConnection>> connections_;
  std::set<std::uint64_t> unproved_;  // in order of age
  std::map<int, std::uint64_t> connection_of_rank_;
  std::vector<std::pair<std::uint64_t, std::string>> doomed_;
  std::uint64_t next_id_ = first_connection_id;
  std::int64_t accept_again_ns_ = 0;

  std::mutex mutex_;
  StoreState state_;
  std::vector<StoreEvent> events_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

StoreServer::StoreServer(StoreOptions options) : loop_(std::make_unique<Loop>(options)) {}
StoreServer::~StoreServer() = default;
const std::string& StoreServer::address() const noexcept {
  return loop_->address();
}
const Secret& StoreServer::secret() const noexcept {
  return loop_->secret();
}
const std::string& StoreServer::launch_id() const noexcept {
  return loop_->launch_id();
}
void StoreServer::set(std::string_view key, Blob value) {
  loop_->set(key, std::move(value));
}
void StoreServer::end_launch() {
  loop_->end_launch();
}
int StoreServer::event_descriptor() const noexcept {
  return loop_->event_descriptor();
}
std::vector<StoreEvent> StoreServer::take_events() {
  return loop_->take_events();
}

}  // namespace podbench
