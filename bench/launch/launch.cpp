#include "bench/launch/launch.hpp"

#include <poll.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <memory>

#include "base/error.hpp"
#include "bench/launch/child_process.hpp"
#include "bench/launch/launchers.hpp"
#include "bench/launch/signal_reader.hpp"
#include "bench/launch/supervision.hpp"
#include "bench/rendezvous/store_server.hpp"

namespace podbench {
namespace {

constexpr int look_up_ms = 250;
// From SIGTERM to SIGKILL: a launcher first ends its own ranks.
constexpr std::int64_t rank_grace_ns = 2'000'000'000, launcher_grace_ns = 6'000'000'000;

class Launch {
 public:
  explicit Launch(const LaunchRequest& request)
      : store_(StoreOptions{.ranks = request.ranks, .other_hosts = reaches_other_hosts(request)}) {
    for (const auto& [key, value] : request.published) store_.set(key, value);
    std::vector<Starter> starters = starters_of(request, store_);
    for (const Starter& starter : starters)
      children_.push_back(std::make_unique<ChildProcess>(starter.child));
    grace_ns_ = starters.front().name.empty() ? rank_grace_ns : launcher_grace_ns;
    supervision_ = std::make_unique<Supervision>(request, std::move(starters), now_ns());
  }

  LaunchOutcome supervise() {
    reported_.resize(children_.size());
    while (!supervision_->all_ended()) {
      wait();
      if (const int signal = signals_.take(); signal != 0) person_ends(signal);
      for (const StoreEvent& event : store_.take_events()) supervision_->take(event, now_ns());
      for (std::size_t i = 0; i < children_.size(); ++i) look_at(i);
      supervision_->tick(now_ns());
      if (supervision_->must_end(now_ns())) end_processes();
    }
    return supervision_->outcome();
  }

 private:
  void wait() {
    std::vector<pollfd> waiting{{.fd = signals_.descriptor(), .events = POLLIN, .revents = 0},
                                {.fd = store_.event_descriptor(), .events = POLLIN, .revents = 0}};
    for (const auto& child : children_) {
      if (!child->ended()) waiting.push_back({.fd = child->end_descriptor(), .events = POLLIN, .revents = 0});
      waiting.push_back({.fd = child->stdout_descriptor(), .events = POLLIN, .revents = 0});
      waiting.push_back({.fd = child->stderr_descriptor(), .events = POLLIN, .revents = 0});
    }
    if (poll(waiting.data(), waiting.size(), look_up_ms) < 0 && errno != EINTR)
      throw system_error("cannot wait for the ranks", errno);
  }

  void look_at(std::size_t index) {
    ChildProcess& child = *children_[index];
    child.look();
    child.forward_output();
    if (child.stopped_since_ns() != 0 && !child.ended())
      supervision_->child_stopped(index, child.stopped_since_ns(), now_ns());
    if (!child.ended() || reported_[index]) return;
    reported_[index] = true;
    // What the store has heard by now came before the end, "finished" above all.
    for (const StoreEvent& event : store_.take_events()) supervision_->take(event, now_ns());
    supervision_->child_ended(index, *child.ended(), child.last_stderr_line(), now_ns());
  }

  void person_ends(int signal) {
    if (ending_since_ns_ != 0) ending_since_ns_ = 1;  // asked twice: no more grace
    supervision_->interrupted(signal, now_ns());
  }

  void end_processes() {
    if (ending_since_ns_ == 0) {
      ending_since_ns_ = now_ns();
      for (const auto& child : children_) {
        child->mute();
        child->signal(SIGTERM);
      }
    }
    const bool grace_is_over = now_ns() - ending_since_ns_ > grace_ns_;
    for (const auto& child : children_)
      if (grace_is_over || child->stopped_since_ns() != 0) child->signal(SIGKILL);
  }

  SignalReader signals_;
  StoreServer store_;
  std::vector<std::unique_ptr<ChildProcess>> children_;
  std::vector<bool> reported_;
  std::unique_ptr<Supervision> supervision_;
  std::int64_t grace_ns_ = rank_grace_ns;
  std::int64_t ending_since_ns_ = 0;
};

}  // namespace

LaunchOutcome run_launch(const LaunchRequest& request) {
  check_launch(request);
  return Launch(request).supervise();
}

}  // namespace podbench
