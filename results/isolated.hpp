// HDF5 in a child process. HDF5 1.10 does not check everything that a file tells it, and a damaged file can
// crash it, corrupt its memory or send it round in circles; after a write that the disk refused it crashes at
// its own exit. So a child does the work and hands over plain frames that the parent decodes with care; the
// parent's memory never meets the file. The child dies with its parent. Thread-safety: forks; no other thread
// may hold a lock that `work` needs.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace podbench {

using Frame = std::vector<std::uint8_t>;
using FrameSink = std::function<void(std::span<const std::uint8_t>)>;

struct Isolated {
  enum class End { returned, threw, endless, broke };
  End end = End::returned;
  std::string thrown;    // what `work` threw
  int system_errno = 0;  // of a RunError that it threw
  std::vector<Frame> frames;
};

// A child at work: several may be at it together. Destroyed before finish(), it is ended.
class IsolatedWork {
 public:
  // Begins `work` in a child that has `patience_s` seconds of processor time. RunError where the system gives
  // no child.
  IsolatedWork(const std::function<void(const FrameSink&)>& work, unsigned patience_s);
  ~IsolatedWork();
  IsolatedWork(IsolatedWork&&) noexcept;
  IsolatedWork& operator=(IsolatedWork&&) = delete;
  // Waits for it; what it gave to its sink comes back. Once.
  [[nodiscard]] Isolated finish();

 private:
  std::unique_ptr<class SharedFile> file_;
  pid_t child_;
};

// Runs `work` in a child that has `patience_s` seconds of processor time; what it gave to its sink comes
// back. RunError where the system gives no child.
[[nodiscard]] Isolated run_isolated(const std::function<void(const FrameSink&)>& work, unsigned patience_s);

}  // namespace podbench
