// Errors that end a run, and the exit code each leads to.
//
// Three kinds of trouble, three ways to say so:
//   - a person asked for something wrong: RequestError, one line that says what would be right; exit 2;
//   - the run cannot be completed (no device, lost rank, disk full): RunError; exit 4;
//   - wrong data in a buffer is not an error of the program but a result: it is recorded, never thrown.
// "Not yet", "full" and "unavailable here" are return values. A programmer's mistake is an assert.
// Thread-safety: values, like any exception.
#pragma once

#include <stdexcept>
#include <string>

namespace podbench {

// The exit codes of every command (docs/cli.md).
enum class ExitCode : int {
  good = 0,
  check_failed = 1,   // wrong data, a regression, a rejected pod
  wrong_request = 2,  // unknown name, bad file, bad value
  inconclusive = 3,
  not_completed = 4,  // lost rank, no device, disk full
};

// A person's request cannot be served as it stands. `what` is one line without a line break at its end: what
// is wrong and what would be right. Nothing has been written when it is thrown.
class RequestError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The run cannot be completed. `native_code` is the failing library's or the system's own number, 0 if none.
class RunError : public std::runtime_error {
 public:
  explicit RunError(const std::string& what, long native_code = 0)
      : std::runtime_error(what), native_code_(native_code) {}
  [[nodiscard]] long native_code() const noexcept { return native_code_; }

 private:
  long native_code_;
};

// A peer is gone or does not answer; `rank` says which one.
class LostPeer : public RunError {
 public:
  LostPeer(int rank, const std::string& what, long native_code = 0)
      : RunError(what, native_code), rank_(rank) {}
  [[nodiscard]] int rank() const noexcept { return rank_; }

 private:
  int rank_;
};

// RunError for a failed system call: "<doing>: <strerror(errno)>".
[[nodiscard]] RunError system_error(const std::string& doing, int errno_value);

}  // namespace podbench
