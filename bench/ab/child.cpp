#include "bench/ab/child.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/clock.hpp"
#include "base/error.hpp"

namespace podbench {
namespace {

constexpr int look_up_ms = 250;
constexpr std::size_t most_output_bytes = 64 << 20;
// From SIGTERM to SIGKILL: a director first ends its launch, which has a grace of its own.
constexpr auto grace = std::chrono::seconds(15);

class Watch {
 public:
  Watch(ChildProcess& child, std::chrono::nanoseconds patience, const SignalReader& signals)
      : child_(child), signals_(signals), deadline_(Deadline::after(patience)) {}

  ChildResult wait() {
    while (!child_.ended()) {
      sleep();
      child_.look();
      child_.forward_output();
      if (const int signal = signals_.take(); signal != 0) interrupted(signal);
      if (!result_.too_late && deadline_.passed()) {
        result_.too_late = true;
        ask_to_end();
      }
      if (asked_ && kill_at_.passed()) child_.signal(SIGKILL);
    }
    child_.forward_output();
    result_.end = *child_.ended();
    result_.output = child_.output();
    result_.last_line = child_.last_stderr_line();
    return std::move(result_);
  }

 private:
  void sleep() const {
    std::array<pollfd, 4> waiting{{{.fd = signals_.descriptor(), .events = POLLIN, .revents = 0},
                                   {.fd = child_.end_descriptor(), .events = POLLIN, .revents = 0},
                                   {.fd = child_.stdout_descriptor(), .events = POLLIN, .revents = 0},
                                   {.fd = child_.stderr_descriptor(), .events = POLLIN, .revents = 0}}};
    if (poll(waiting.data(), waiting.size(), look_up_ms) < 0 && errno != EINTR)
      throw system_error("cannot wait for a launch", errno);
  }

  // Asked twice, it gets no more grace.
  void interrupted(int signal) {
    if (result_.signal != 0) return child_.signal(SIGKILL);
    result_.signal = signal;
    ask_to_end();
  }

  void ask_to_end() {
    child_.signal(SIGTERM);
    if (!asked_) kill_at_ = Deadline::after(grace);
    asked_ = true;
  }

  ChildProcess& child_;
  const SignalReader& signals_;
  Deadline deadline_;
  Deadline kill_at_ = Deadline::after(grace);
  bool asked_ = false;
  ChildResult result_;
};

}  // namespace

std::string ChildResult::reason() const {
  constexpr std::string_view own_name = "podbench: ";
  if (signal != 0) return fmt::format("ended by signal {}, {}", signal, strsignal(signal));
  if (too_late) return "it did not end in time";
  if (last_line.empty()) return describe(end);
  return last_line.starts_with(own_name) ? last_line.substr(own_name.size()) : last_line;
}

ChildResult run_child(const std::vector<std::string>& command,
                      const std::map<std::string, std::string>& environment,
                      std::chrono::nanoseconds patience, const SignalReader& signals) {
  ChildRequest request;
  request.command = command;
  request.environment = environment;
  request.keep_output = true;
  ChildProcess child(request);
  child.keep_stdout(most_output_bytes);
  return Watch(child, patience, signals).wait();
}

}  // namespace podbench
