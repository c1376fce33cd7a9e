#include "results/isolated.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <new>
#include <stdexcept>

#include "base/error.hpp"

namespace podbench {
namespace {

enum class FrameKind : std::uint64_t { data, trouble };

struct FrameHeader {
  std::uint64_t bytes;
  FrameKind kind;
};

// An unnamed file in memory, shared with the child.
class SharedFile {
 public:
  SharedFile() : file_(::memfd_create("podbench-read", MFD_CLOEXEC)) {
    if (file_ < 0) throw system_error("cannot make room to read a file", errno);
  }
  ~SharedFile() { ::close(file_); }
  SharedFile(const SharedFile&) = delete;
  SharedFile& operator=(const SharedFile&) = delete;

  void append(const void* data, std::size_t bytes) const {
    const auto* at = static_cast<const char*>(data);
    while (bytes > 0) {
      const ssize_t written = ::write(file_, at, bytes);
      if (written < 0 && errno == EINTR) continue;
      if (written <= 0) throw std::bad_alloc();
      at += written;
      bytes -= static_cast<std::size_t>(written);
    }
  }
  void append(FrameKind kind, std::span<const std::uint8_t> bytes) const {
    const FrameHeader header = {bytes.size(), kind};
    append(&header, sizeof header);
    append(bytes.data(), bytes.size());
  }
  [[nodiscard]] std::uint64_t bytes() const {
    struct stat info {};
    return ::fstat(file_, &info) == 0 ? static_cast<std::uint64_t>(info.st_size) : 0;
  }
  [[nodiscard]] bool read(std::uint64_t position, void* into, std::size_t bytes) const {
    auto* at = static_cast<char*>(into);
    while (bytes > 0) {
      const ssize_t got = ::pread(file_, at, bytes, static_cast<off_t>(position));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return false;
      at += got;
      position += static_cast<std::uint64_t>(got);
      bytes -= static_cast<std::size_t>(got);
    }
    return true;
  }

 private:
  int file_;
};

// What a crash would leave on the terminal or on the disk is of no use to anybody.
void be_quiet() {
  const rlimit no_core = {0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (nowhere < 0) return;
  ::dup2(nowhere, STDOUT_FILENO);
  ::dup2(nowhere, STDERR_FILENO);
}

void say(const SharedFile& file, std::string_view text) {
  file.append(FrameKind::trouble, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

[[noreturn]] void run_child(const std::function<void(const FrameSink&)>& work, const SharedFile& file,
                            unsigned patience_s) {
  be_quiet();
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGILL, SIGALRM}) ::signal(number, SIG_DFL);
  ::alarm(patience_s);
  try {
    work([&](std::span<const std::uint8_t> bytes) { file.append(FrameKind::data, bytes); });
  } catch (const std::bad_alloc&) {
    say(file, "it needs more memory than there is");
  } catch (const std::exception& error) {
    say(file, error.what());
  }
  ::_exit(0);
}

// How the child ended; empty where it ended well.
std::string wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw system_error("cannot wait for a process of ours", errno);
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return "";
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
    return "it is damaged: reading it does not come to an end";
  return "it is damaged in a way that breaks the HDF5 library";
}

// Takes the frames apart; a child whose memory was corrupted may have left anything.
void collect(const SharedFile& file, Isolated& result) {
  const std::uint64_t end = file.bytes();
  for (std::uint64_t at = 0; at < end;) {
    FrameHeader header{};
    if (end - at < sizeof header || !file.read(at, &header, sizeof header) ||
        header.bytes > end - at - sizeof header) {
      result.trouble = "it is damaged in a way that breaks the HDF5 library";
      return;
    }
    Frame frame(header.bytes);
    if (!file.read(at + sizeof header, frame.data(), frame.size())) continue;
    at += sizeof header + header.bytes;
    if (header.kind == FrameKind::trouble) {
      result.trouble.assign(frame.begin(), frame.end());
      return;
    }
    result.frames.push_back(std::move(frame));
  }
}

}  // namespace

Isolated run_isolated(const std::function<void(const FrameSink&)>& work, unsigned patience_s) {
  const SharedFile file;
  const pid_t child = ::fork();
  if (child < 0) throw system_error("cannot start a process to read a file", errno);
  if (child == 0) run_child(work, file, patience_s);
  Isolated result;
  result.trouble = wait_for(child);
  if (result.trouble.empty()) collect(file, result);
  return result;
}

}  // namespace podbench
