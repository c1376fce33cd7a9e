#include "bench/rendezvous/pmi_introduction.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <string_view>

#include "base/error.hpp"
#include "bench/rendezvous/launch_environment.hpp"
#include "bench/rendezvous/socket.hpp"

namespace podbench {
namespace {

constexpr std::size_t most_line_bytes = 4096;
constexpr std::string_view store_key = "podbench-store";

int inherited_descriptor() {
  const char* text = std::getenv("PMI_FD");
  const std::string_view digits = text == nullptr ? "" : text;
  int number = -1;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size() || fcntl(number, F_GETFD) < 0)
    throw RunError("PMI_FD names no open descriptor");
  return number;
}

// The value of `key` in "cmd=x key=value other=value".
std::string_view field(std::string_view line, std::string_view key) {
  while (!line.empty()) {
    const std::string_view word = line.substr(0, line.find(' '));
    if (word.size() > key.size() && word.starts_with(key) && word[key.size()] == '=')
      return word.substr(key.size() + 1);
    line.remove_prefix(std::min(line.size(), word.size() + 1));
  }
  return {};
}

// Hydra takes an exit without this for a crash, and hangs up when it hears it: so it is said at exit, behind
// an MPI library that was initialised after us. If such a library has said it already, nobody answers.
int said_hello_on = -1;

void say_goodbye() {
  constexpr std::string_view line = "cmd=finalize\n";
  if (send(said_hello_on, line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size()))
    return;
  pollfd answer{.fd = said_hello_on, .events = POLLIN, .revents = 0};
  poll(&answer, 1, 1'000);
}

// An MPI library in this process may hold conversations of its own over the descriptor between ours, so the
// descriptor is neither closed nor read ahead.
class PmiIntroduction final : public Introduction {
 public:
  explicit PmiIntroduction(Deadline deadline) : descriptor_(inherited_descriptor()) {
    const LaunchEnvironment environment = detect_launch_environment();
    rank_ = environment.rank;
    size_ = environment.size;
    static_cast<void>(ask("cmd=init pmi_version=1 pmi_subversion=1", "response_to_init", deadline));
    space_ = field(ask("cmd=get_my_kvsname", "my_kvsname", deadline), "kvsname");
    const char* local = std::getenv("MPI_LOCALNRANKS");
    one_node_ = local != nullptr && std::to_string(size_) == local;
    said_hello_on = descriptor_;
    if (std::atexit(say_goodbye) != 0) throw RunError("no room to register what is to be done at exit");
  }

  int rank() const noexcept override { return rank_; }
  int size() const noexcept override { return size_; }
  bool one_node() const noexcept override { return one_node_; }

  std::string share(const std::string& text, Deadline deadline) override {
    if (rank_ == 0)
      static_cast<void>(ask(fmt::format("cmd=put kvsname={} key={} value={}", space_, store_key, text),
                            "put_result", deadline));
    static_cast<void>(ask("cmd=barrier_in", "barrier_out", deadline));
    if (rank_ == 0) return text;
    return std::string(field(
        ask(fmt::format("cmd=get kvsname={} key={}", space_, store_key), "get_result", deadline), "value"));
  }

  void abort(int exit_code, const std::string&) noexcept override {
    const std::string line = fmt::format("cmd=abort exitcode={}\n", exit_code);
    [[maybe_unused]] const ssize_t sent = send(descriptor_, line.data(), line.size(), MSG_NOSIGNAL);
  }

 private:
  // One request and its answer, which stays valid until the next.
  std::string_view ask(const std::string& request, std::string_view answer, Deadline deadline) {
    const std::string line = request + "\n";
    if (send(descriptor_, line.data(), line.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(line.size()))
      throw system_error("cannot speak to mpiexec", errno);
    read_line(deadline);
    const std::string_view rc = field(line_, "rc");
    if (field(line_, "cmd") != answer || (!rc.empty() && rc != "0"))
      throw RunError(fmt::format("mpiexec answers \"{}\" with \"{}\"",
                                 request.substr(0, request.find(" value=")), line_.substr(0, 200)));
    return line_;
  }

  // Byte by byte, so that nothing is taken that belongs to an MPI library's own conversation.
  void read_line(Deadline deadline) {
    line_.clear();
    while (line_.size() < most_line_bytes) {
      pollfd waiting{.fd = descriptor_, .events = POLLIN, .revents = 0};
      const auto left_ms = std::chrono::ceil<std::chrono::milliseconds>(deadline.left()).count();
      const int ready = poll(&waiting, 1, static_cast<int>(std::min<std::int64_t>(left_ms, 1'000'000)));
      if (ready == 0 && deadline.passed()) throw RunError("mpiexec does not answer: the deadline passed");
      if (ready <= 0) continue;
      char c = 0;
      const ssize_t n = read(descriptor_, &c, 1);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) throw RunError("mpiexec is gone");
      if (c == '\n') return;
      line_ += c;
    }
    throw RunError("mpiexec sent a line that is too long");
  }

  int descriptor_;
  int rank_ = 0, size_ = 1;
  bool one_node_ = false;
  std::string space_;
  std::string line_;
};

}  // namespace

std::unique_ptr<Introduction> introduced_by_pmi(Deadline deadline) {
  return std::make_unique<PmiIntroduction>(deadline);
}

}  // namespace podbench
