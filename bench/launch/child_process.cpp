#include "bench/launch/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/clock.hpp"
#include "base/error.hpp"

namespace podbench {
namespace {

constexpr int cannot_execute = 127;

struct Pipe {
  FileDescriptor read_end, write_end;
};

Pipe new_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw system_error("cannot make a pipe for a rank", errno);
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

std::vector<std::string> environment_with(const std::map<std::string, std::string>& added) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (!added.contains(std::string(text.substr(0, text.find('='))))) all.emplace_back(text);
  }
  for (const auto& [name, value] : added) all.push_back(fmt::format("{}={}", name, value));
  return all;
}

// All that the new process needs, made before fork(): afterwards only async-signal-safe calls are allowed, as
// other threads may hold locks.
struct Start {
  std::vector<char*> arguments, environment;
  pid_t parent;
  int dies_by, stdin_descriptor, told_source, told_target, stdout_target, stderr_target;
};

[[noreturn]] void become(const Start& start) {
  prctl(PR_SET_PDEATHSIG, start.dies_by);
  if (getppid() != start.parent) _exit(cannot_execute);  // it died before prctl
  setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD}) ::signal(number, SIG_DFL);
  dup2(start.stdin_descriptor, STDIN_FILENO);
  if (start.stdout_target >= 0) dup2(start.stdout_target, STDOUT_FILENO);
  if (start.stderr_target >= 0) dup2(start.stderr_target, STDERR_FILENO);
  if (start.told_target >= 0) {
    // dup2 onto itself would leave close-on-exec set.
    if (start.told_source == start.told_target) {
      fcntl(start.told_source, F_SETFD, 0);
    } else {
      dup2(start.told_source, start.told_target);
    }
  }
  execvpe(start.arguments[0], start.arguments.data(), start.environment.data());
  const char* const reason = strerrordesc_np(errno);
  for (const char* part :
       {"podbench: cannot start ", static_cast<const char*>(start.arguments[0]), ": ", reason, "\n"})
    if (write(STDERR_FILENO, part, strlen(part)) < 0) break;
  _exit(cannot_execute);
}

}  // namespace

std::string describe(const ChildEnd& end) {
  if (end.signal == 0) return fmt::format("exit code {}", end.exit_code);
  return fmt::format("signal {}, {}", end.signal, strsignal(end.signal));
}

ChildProcess::ChildProcess(const ChildRequest& request) {
  std::vector<std::string> arguments = request.command, environment = environment_with(request.environment);
  const FileDescriptor null(open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!null) throw system_error("cannot open /dev/null", errno);
  Pipe told, output, errors;
  if (request.told_descriptor >= 0) told = new_pipe();
  if (request.keep_output) output = new_pipe();
  if (request.keep_output) errors = new_pipe();
  const Start start{.arguments = pointers(arguments),
                    .environment = pointers(environment),
                    .parent = getpid(),
                    .dies_by = request.dies_with_us_by,
                    .stdin_descriptor = null.get(),
                    .told_source = told.read_end.get(),
                    .told_target = request.told_descriptor,
                    .stdout_target = output.write_end.get(),
                    .stderr_target = errors.write_end.get()};
  // The text is far smaller than a pipe holds, so this does not block.
  if (!request.told.empty() && write(told.write_end.get(), request.told.data(), request.told.size()) < 0)
    throw system_error("cannot write to a rank's pipe", errno);
  pid_ = fork();
  if (pid_ < 0) throw system_error("cannot start a process for a rank", errno);
  if (pid_ == 0) become(start);
  setpgid(pid_, pid_);  // whichever of the two comes first
  end_ = FileDescriptor(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)));
  if (!end_) throw system_error("cannot watch a rank's process", errno);
  stdout_ = std::move(output.read_end);
  stderr_ = std::move(errors.read_end);
  for (const FileDescriptor* kept : {&stdout_, &stderr_})
    if (*kept) fcntl(kept->get(), F_SETFL, O_NONBLOCK);
}

ChildProcess::~ChildProcess() {
  if (pid_ < 0 || ended_) return;
  signal(SIGKILL);
  while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void ChildProcess::look() {
  if (ended_) return;
  int status = 0;
  while (!ended_ && waitpid(pid_, &status, WNOHANG | WUNTRACED | WCONTINUED) == pid_) {
    if (WIFEXITED(status)) ended_ = ChildEnd{.exit_code = WEXITSTATUS(status), .signal = 0};
    if (WIFSIGNALED(status)) ended_ = ChildEnd{.exit_code = 0, .signal = WTERMSIG(status)};
    if (WIFSTOPPED(status)) stopped_since_ns_ = now_ns();
    if (WIFCONTINUED(status)) stopped_since_ns_ = 0;
  }
}

void ChildProcess::signal(int number) const {
  if (!ended_) kill(-pid_, number);
}

void ChildProcess::forward_output() {
  forward(stdout_, STDOUT_FILENO);
  forward(stderr_, STDERR_FILENO);
}

void ChildProcess::forward(FileDescriptor& from, int to) {
  std::array<char, 4096> chunk;
  // More than a pipe holds, so that all of an ended child is read; no more, so that one that never stops
  // talking does not keep us here.
  constexpr int most_chunks = 64;
  for (int i = 0; i < most_chunks && from; ++i) {
    const ssize_t got = read(from.get(), chunk.data(), chunk.size());
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) return from.reset();
    const std::string_view text(chunk.data(), static_cast<std::size_t>(got));
    if (to == STDERR_FILENO)
      remember_line(text);
    else
      kept_ += text.substr(0, most_kept_bytes_ - kept_.size());
    if (muted_) continue;
    [[maybe_unused]] const ssize_t written = write(to, text.data(), text.size());
  }
}

// Keeps the last line that says something, up to a bound.
void ChildProcess::remember_line(std::string_view text) {
  constexpr std::size_t most_line_bytes = 300;
  for (const char c : text) {
    if (c == '\n' || c == '\r') {
      if (line_.find_first_not_of(" \t-=*") != std::string::npos) last_line_ = line_;
      line_.clear();
    } else if (line_.size() < most_line_bytes && static_cast<unsigned char>(c) >= ' ') {
      line_ += c;
    }
  }
}

}  // namespace podbench
