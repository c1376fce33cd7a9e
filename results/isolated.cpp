#include "results/isolated.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <new>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "base/error.hpp"

namespace podbench {
namespace {

enum class FrameKind : std::uint32_t { data, thrown };

struct FrameHeader {
  std::uint64_t bytes;
  FrameKind kind;
  std::int32_t system_errno;
};

}  // namespace

// An unnamed file in memory that the child fills and the parent looks at when the child is gone.
class SharedFile {
 public:
  SharedFile() : file_(::memfd_create("podbench-hdf5", MFD_CLOEXEC)) {
    if (file_ < 0) throw system_error("cannot make room for the work on a file", errno);
  }
  ~SharedFile() {
    if (view_ != nullptr) ::munmap(view_, view_bytes_);
    ::close(file_);
  }
  SharedFile(const SharedFile&) = delete;
  SharedFile& operator=(const SharedFile&) = delete;

  // Frames gather in a buffer: a system call a small frame would take longer than reading the file.
  void append(FrameKind kind, std::span<const std::uint8_t> bytes, int system_errno = 0) {
    const FrameHeader header = {bytes.size(), kind, system_errno};
    const auto* begin = reinterpret_cast<const std::uint8_t*>(&header);
    buffer_.insert(buffer_.end(), begin, begin + sizeof header);
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
    if (buffer_.size() > buffer_bytes) flush();
  }
  void flush() {
    for (std::size_t done = 0; done < buffer_.size();) {
      const ssize_t written = ::write(file_, buffer_.data() + done, buffer_.size() - done);
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) throw std::bad_alloc();
      done += static_cast<std::size_t>(written);
    }
    buffer_.clear();
  }
  [[nodiscard]] std::span<const std::uint8_t> view() {
    struct stat info {};
    if (::fstat(file_, &info) != 0 || info.st_size == 0) return {};
    view_bytes_ = static_cast<std::size_t>(info.st_size);
    void* const view = ::mmap(nullptr, view_bytes_, PROT_READ, MAP_SHARED, file_, 0);
    if (view == MAP_FAILED) throw system_error("cannot make room for the work on a file", errno);
    view_ = view;
    return {static_cast<const std::uint8_t*>(view_), view_bytes_};
  }

 private:
  static constexpr std::size_t buffer_bytes = 1U << 20;
  int file_;
  std::vector<std::uint8_t> buffer_;
  void* view_ = nullptr;
  std::size_t view_bytes_ = 0;
};

namespace {

// What a crash would leave on the terminal or on the disk is of no use to anybody.
void be_quiet() {
  const rlimit no_core = {0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nowhere < 0) return;
  ::dup2(nowhere, STDOUT_FILENO);
  ::dup2(nowhere, STDERR_FILENO);
}

void say(SharedFile& file, std::string_view text, int system_errno = 0) {
  file.append(FrameKind::thrown, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()},
              system_errno);
  file.flush();
}

[[noreturn]] void run_child(const std::function<void(const FrameSink&)>& work, SharedFile& file,
                            unsigned patience_s, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(0);  // it died before prctl
  be_quiet();
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGILL, SIGXCPU}) ::signal(number, SIG_DFL);
  // Processor time, so that a busy machine does not make an honest file look endless.
  const rlimit patience = {patience_s, patience_s + 1};
  ::setrlimit(RLIMIT_CPU, &patience);
  try {
    work([&](std::span<const std::uint8_t> bytes) { file.append(FrameKind::data, bytes); });
    file.flush();
  } catch (const std::bad_alloc&) {
    say(file, "it needs more memory than there is");
  } catch (const RunError& error) {
    say(file, error.what(), static_cast<int>(error.native_code()));
  } catch (const std::exception& error) {
    say(file, error.what());
  }
  ::_exit(0);
}

Isolated::End wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw system_error("cannot wait for a process of ours", errno);
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return Isolated::End::returned;
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU) return Isolated::End::endless;
  return Isolated::End::broke;
}

// Takes the frames apart; a child whose memory was corrupted may have left anything.
void collect(std::span<const std::uint8_t> bytes, Isolated& result) {
  while (!bytes.empty()) {
    FrameHeader header{};
    if (bytes.size() >= sizeof header) std::memcpy(&header, bytes.data(), sizeof header);
    if (bytes.size() < sizeof header || header.bytes > bytes.size() - sizeof header) {
      result.end = Isolated::End::broke;
      return;
    }
    const auto frame = bytes.subspan(sizeof header, header.bytes);
    bytes = bytes.subspan(sizeof header + header.bytes);
    if (header.kind == FrameKind::thrown) {
      result.end = Isolated::End::threw;
      result.thrown.assign(frame.begin(), frame.end());
      result.system_errno = header.system_errno;
      return;
    }
    result.frames.emplace_back(frame.begin(), frame.end());
  }
}

}  // namespace

IsolatedWork::IsolatedWork(const std::function<void(const FrameSink&)>& work, unsigned patience_s)
    : file_(std::make_unique<SharedFile>()) {
  const pid_t parent = ::getpid();
  child_ = ::fork();
  if (child_ < 0) throw system_error("cannot start a process to work on a file", errno);
  if (child_ == 0) run_child(work, *file_, patience_s, parent);
}

IsolatedWork::IsolatedWork(IsolatedWork&& other) noexcept
    : file_(std::move(other.file_)), child_(std::exchange(other.child_, 0)) {}

IsolatedWork::~IsolatedWork() {
  if (child_ <= 0) return;
  ::kill(child_, SIGKILL);
  ::waitpid(child_, nullptr, 0);
}

Isolated IsolatedWork::finish() {
  Isolated result;
  result.end = wait_for(std::exchange(child_, 0));
  if (result.end == Isolated::End::returned) collect(file_->view(), result);
  return result;
}

Isolated run_isolated(const std::function<void(const FrameSink&)>& work, unsigned patience_s) {
  return IsolatedWork(work, patience_s).finish();
}

}  // namespace podbench
