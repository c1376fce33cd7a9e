#include "bench/telemetry/number_file.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>

#include "bench/machine/system_root.hpp"

namespace podbench {
namespace {

// Trouble of a device that passes: its answer is missing, not its file.
bool passes(int error) {
  return error == EAGAIN || error == EBUSY || error == EINTR || error == ENODATA || error == ETIMEDOUT;
}

int open_file(const std::string& path) {
  return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
}

std::atomic<int> kept_open = 0;

// Connections come first: a quarter of what the process may open at most.
bool may_keep_one_more() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
  const auto most = std::min<rlim_t>(NumberFile::most_kept_open, limit.rlim_cur / 4);
  return static_cast<rlim_t>(kept_open) < most;
}

// −1 with errno where that fails.
ssize_t read_once(const std::string& path, std::span<char> into) {
  const int file = open_file(path);
  if (file < 0) return -1;
  const ssize_t got = ::pread(file, into.data(), into.size(), 0);
  const int error = errno;
  ::close(file);
  errno = error;
  return got;
}

}  // namespace

NumberFile::NumberFile(std::string path) : path_(std::move(path)) {
  if (!may_keep_one_more()) return;
  file_ = open_file(path_);
  if (file_ >= 0) ++kept_open;
}
NumberFile::NumberFile(NumberFile&& other) noexcept
    : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1)) {}
NumberFile::~NumberFile() {
  if (file_ < 0) return;
  ::close(file_);
  --kept_open;
}

Reading NumberFile::read() const {
  std::array<char, 64> text;
  const ssize_t got = file_ < 0 ? read_once(path_, text) : ::pread(file_, text.data(), text.size(), 0);
  if (got < 0) return passes(errno) ? Reading{} : Reading{.ended = std::strerror(errno)};
  const double value = number_in({text.data(), static_cast<std::size_t>(got)});
  if (std::isnan(value)) return {.ended = "it holds no number"};
  return {.value = value, .ended = {}};
}

double number_in(std::string_view text) {
  std::string_view digits = trimmed(text);
  const bool negative = digits.starts_with('-');
  if (negative) digits.remove_prefix(1);
  std::uint64_t magnitude = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), magnitude);
  if (error != std::errc{} || end != digits.data() + digits.size()) return Reading{}.value;
  return negative ? -static_cast<double>(magnitude) : static_cast<double>(magnitude);
}

}  // namespace podbench
