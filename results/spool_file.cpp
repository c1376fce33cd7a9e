#include "results/spool_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace podbench {
namespace {

constexpr std::size_t header_bytes = 16;

std::uint32_t checksum(const std::uint8_t* data, std::size_t bytes) {
  return static_cast<std::uint32_t>(crc32_z(0, data, bytes));
}

std::uint32_t load(const std::uint8_t* at) {
  std::uint32_t value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

struct Header {
  std::array<std::uint8_t, header_bytes> bytes;
  [[nodiscard]] std::uint32_t length() const { return load(&bytes[4]); }
  [[nodiscard]] std::uint32_t payload_checksum() const { return load(&bytes[8]); }
  [[nodiscard]] bool sound() const {
    return load(bytes.data()) == record_magic && load(&bytes[12]) == checksum(bytes.data(), 12) &&
           length() <= most_payload_bytes;
  }
};

Header header_of(std::span<const std::uint8_t> payload) {
  Header header;
  const std::array<std::uint32_t, 3> words = {record_magic, static_cast<std::uint32_t>(payload.size()),
                                              checksum(payload.data(), payload.size())};
  std::memcpy(header.bytes.data(), words.data(), 12);
  const std::uint32_t own = checksum(header.bytes.data(), 12);
  std::memcpy(&header.bytes[12], &own, 4);
  return header;
}

// Writes all of it; the errno of what refused, 0 for success. The loop only matters where a disk takes a part
// and then refuses the rest: the second call says why.
int write_all(int file, std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return 0;
}

class Input {
 public:
  explicit Input(const std::filesystem::path& path) : path_(path) {
    file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file_ < 0) throw RequestError(fmt::format("cannot read {}: {}", path.string(), std::strerror(errno)));
    struct stat info {};
    if (::fstat(file_, &info) != 0 || !S_ISREG(info.st_mode)) {
      ::close(file_);
      throw RequestError(fmt::format("cannot read {}: it is not a regular file", path.string()));
    }
    bytes_ = static_cast<std::uint64_t>(info.st_size);
  }
  ~Input() { ::close(file_); }
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

  void read(std::uint64_t position, std::span<std::uint8_t> into) const {
    while (!into.empty()) {
      const ssize_t got = ::pread(file_, into.data(), into.size(), static_cast<off_t>(position));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) {
        throw RequestError(
            fmt::format("cannot read {} at byte {}: {}", path_.string(), position,
                        got < 0 ? std::strerror(errno) : "it became shorter while it was read"));
      }
      into = into.subspan(static_cast<std::size_t>(got));
      position += static_cast<std::uint64_t>(got);
    }
  }

 private:
  std::filesystem::path path_;
  std::uint64_t bytes_ = 0;
  int file_;
};

// The first sound header at or behind `position`; the file's end where there is none.
std::uint64_t next_record(const Input& input, std::uint64_t position) {
  std::vector<std::uint8_t> window(1U << 16);
  for (; position + header_bytes <= input.bytes(); position += window.size() - header_bytes + 1) {
    const auto here = std::min<std::uint64_t>(window.size(), input.bytes() - position);
    input.read(position, std::span(window).first(here));
    for (std::size_t i = 0; i + header_bytes <= here; ++i) {
      if (load(&window[i]) != record_magic) continue;
      Header header;
      std::memcpy(header.bytes.data(), &window[i], header_bytes);
      if (header.sound()) return position + i;
    }
  }
  return input.bytes();
}

}  // namespace

RecordFile::RecordFile(std::filesystem::path path, Opening opening) : path_(std::move(path)) {
  const bool fresh = opening == Opening::fresh;
  file_ = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | (fresh ? O_CREAT | O_EXCL : 0), 0644);
  if (file_ < 0) throw system_error((fresh ? "cannot create " : "cannot open ") + path_.string(), errno);
  const off_t end = ::lseek(file_, 0, SEEK_END);
  if (end < 0) {
    const int error = errno;
    ::close(file_);
    throw system_error("cannot find the end of " + path_.string(), error);
  }
  length_bytes_ = static_cast<std::uint64_t>(end);
}

RecordFile::~RecordFile() {
  ::close(file_);
}

void RecordFile::append(std::span<const std::uint8_t> payload, Durability durability) {
  if (payload.size() > most_payload_bytes) {
    throw RunError(
        fmt::format("cannot store a record of {} bytes in {}: at most {} fit; fewer samples a case",
                    payload.size(), path_.string(), most_payload_bytes));
  }
  const Header header = header_of(payload);
  std::vector<std::uint8_t> record(header.bytes.begin(), header.bytes.end());
  record.insert(record.end(), payload.begin(), payload.end());
  int error = write_all(file_, record);
  if (error == 0 && durability == Durability::now && ::fdatasync(file_) != 0) error = errno;
  if (error == 0) {
    length_bytes_ += record.size();
    return;
  }
  // Where even this fails, the reader knows a torn tail when it sees one.
  [[maybe_unused]] const int cut = ::ftruncate(file_, static_cast<off_t>(length_bytes_));
  const bool full = error == ENOSPC || error == EDQUOT || error == EFBIG;
  const std::string kept = "; the finished cases are kept in " + path_.parent_path().string();
  throw RunError(
      (full ? "disk full: " : "cannot write ") + path_.string() + ": " + std::strerror(error) + kept, error);
}

std::vector<std::string> read_records(
    const std::filesystem::path& path,
    const std::function<void(std::span<const std::uint8_t>, std::uint64_t)>& on_record) {
  const Input input(path);
  std::vector<std::string> problems;
  std::vector<std::uint8_t> payload;
  const auto torn = [&](std::uint64_t at) {
    problems.push_back(
        fmt::format("{}: the last record, at byte {}, is incomplete and left out", path.string(), at));
  };
  std::uint64_t at = 0;
  while (at < input.bytes()) {
    if (input.bytes() - at < header_bytes) {
      torn(at);
      break;
    }
    Header header;
    input.read(at, header.bytes);
    if (!header.sound()) {
      const std::uint64_t next = next_record(input, at + 1);
      problems.push_back(fmt::format("{}: bytes {} to {} are damaged and left out", path.string(), at, next));
      at = next;
      continue;
    }
    const std::uint64_t begin = at + header_bytes;
    if (header.length() > input.bytes() - begin) {
      torn(at);
      const std::uint64_t next = next_record(input, begin);
      at = next;
      continue;
    }
    payload.resize(header.length());
    input.read(begin, payload);
    if (checksum(payload.data(), payload.size()) == header.payload_checksum()) {
      on_record(payload, at);
    } else {
      problems.push_back(fmt::format("{}: the record at byte {} is damaged and left out", path.string(), at));
    }
    at = begin + payload.size();
  }
  return problems;
}

void sync_folder(const std::filesystem::path& folder) {
  const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const int error = file < 0 || ::fsync(file) != 0 ? errno : 0;
  if (file >= 0) ::close(file);
  if (error != 0 && error != EINVAL) throw system_error("cannot sync " + folder.string(), error);
}

}  // namespace podbench
