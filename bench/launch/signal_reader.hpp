// While it lives, the signals that concern whoever started other processes are read from a descriptor instead
// of being delivered: SIGINT, SIGTERM, SIGHUP and SIGCHLD.
// Thread-safety: belongs to the thread that made it; no other thread may take these signals meanwhile.
// Errors: RunError where the system refuses.
#pragma once

#include <csignal>

#include "bench/rendezvous/file_descriptor.hpp"

namespace podbench {

class SignalReader {
 public:
  SignalReader();
  ~SignalReader();
  SignalReader(const SignalReader&) = delete;
  SignalReader& operator=(const SignalReader&) = delete;

  // Readable (for poll) once a signal has come, SIGCHLD included.
  [[nodiscard]] int descriptor() const noexcept { return descriptor_.get(); }
  // A signal by which a person ends the program, or 0.
  [[nodiscard]] int take() const;

 private:
  sigset_t before_{};
  struct sigaction child_before_ {};
  FileDescriptor descriptor_;
};

}  // namespace podbench
