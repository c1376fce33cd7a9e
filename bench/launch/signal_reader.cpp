#include "bench/launch/signal_reader.hpp"

#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>

#include "base/error.hpp"

namespace podbench {

SignalReader::SignalReader() {
  sigset_t mine;
  sigemptyset(&mine);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&mine, number);
  pthread_sigmask(SIG_BLOCK, &mine, &before_);
  descriptor_ = FileDescriptor(signalfd(-1, &mine, SFD_NONBLOCK | SFD_CLOEXEC));
  if (!descriptor_) throw system_error("cannot watch for signals", errno);
  // Inherited as ignored, it would let the kernel reap the children before we see how they ended.
  const struct sigaction ordinary {};
  sigaction(SIGCHLD, &ordinary, &child_before_);
}

SignalReader::~SignalReader() {
  sigaction(SIGCHLD, &child_before_, nullptr);
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

int SignalReader::take() const {
  signalfd_siginfo info{};
  while (read(descriptor_.get(), &info, sizeof info) == sizeof info)
    if (info.ssi_signo != SIGCHLD) return static_cast<int>(info.ssi_signo);
  return 0;
}

}  // namespace podbench
