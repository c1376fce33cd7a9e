// A process that run_launch() started: a rank, or a launcher that starts ranks.
//
// Each child leads a process group of its own, so that Ctrl-C in the terminal reaches the director alone,
// which then ends the launch in order; and each dies with the thread that started it.
// Thread-safety: one thread. Errors: RunError where the system refuses.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/rendezvous/file_descriptor.hpp"

namespace podbench {

struct ChildRequest {
  std::vector<std::string> command;                // program (a path, or a name for $PATH) and arguments
  std::map<std::string, std::string> environment;  // added to ours
  // Written to a pipe that the child finds as this descriptor; -1: nothing. 0 is its standard input, which is
  // /dev/null otherwise.
  int told_descriptor = -1;
  std::string told;
  bool keep_output = false;  // standard output and error come to us through pipes and are passed on
  int dies_with_us_by = 9;   // the signal that the child gets when we die
};

// How a child ended: an exit code, or a signal.
struct ChildEnd {
  int exit_code = 0;
  int signal = 0;
};
// "exit code 7" or "signal 9, Killed".
[[nodiscard]] std::string describe(const ChildEnd& end);

class ChildProcess {
 public:
  explicit ChildProcess(const ChildRequest& request);
  ~ChildProcess();  // kills what still runs
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  // Readable (for poll) once the child has ended.
  [[nodiscard]] int end_descriptor() const noexcept { return end_.get(); }
  // Readable while the child has said something on standard output, on standard error; -1 where not kept.
  [[nodiscard]] int stdout_descriptor() const noexcept { return stdout_.get(); }
  [[nodiscard]] int stderr_descriptor() const noexcept { return stderr_.get(); }

  // Looks without waiting; notes ends and stops.
  void look();
  [[nodiscard]] const std::optional<ChildEnd>& ended() const noexcept { return ended_; }
  // Since when the child is stopped (SIGSTOP, SIGTSTP); 0 while it runs.
  [[nodiscard]] std::int64_t stopped_since_ns() const noexcept { return stopped_since_ns_; }

  // To the child's whole process group; nothing once it has ended.
  void signal(int number) const;

  // Passes what the child wrote on to our own standard output and error.
  void forward_output();
  // What it says from now on is remembered only: launchers are loud about an end that we asked for.
  void mute() noexcept { muted_ = true; }
  // Muted, but for its standard output, of which the first `most_bytes` are kept in output().
  void keep_stdout(std::size_t most_bytes) noexcept {
    muted_ = true;
    most_kept_bytes_ = most_bytes;
  }
  [[nodiscard]] const std::string& output() const noexcept { return kept_; }
  [[nodiscard]] const std::string& last_stderr_line() const noexcept { return last_line_; }

 private:
  void forward(FileDescriptor& from, int to);
  void remember_line(std::string_view text);

  pid_t pid_ = -1;
  FileDescriptor end_, stdout_, stderr_;
  std::optional<ChildEnd> ended_;
  std::int64_t stopped_since_ns_ = 0;
  bool muted_ = false;
  std::size_t most_kept_bytes_ = 0;
  std::string line_, last_line_, kept_;
};

}  // namespace podbench
