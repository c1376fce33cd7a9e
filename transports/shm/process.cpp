#include "transports/shm/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <functional>
#include <string>
#include <utility>

namespace podbench::shm {

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}
Descriptor::~Descriptor() {
  if (number_ >= 0) close(number_);
}
int Descriptor::release() noexcept {
  return std::exchange(number_, -1);
}

namespace {

// Room for `bytes` at a multiple of a huge page, as an address that is reserved; null where there is none.
void* reserve_aligned(std::size_t bytes) {
  const std::size_t room = bytes + huge_page_bytes;
  void* reserved = mmap(nullptr, room, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (reserved == MAP_FAILED) return nullptr;
  const auto begin = reinterpret_cast<std::uintptr_t>(reserved);
  const std::size_t head = (huge_page_bytes - begin % huge_page_bytes) % huge_page_bytes;
  auto* aligned = static_cast<std::byte*>(reserved) + head;
  if (head > 0) munmap(reserved, head);
  munmap(aligned + bytes, room - head - bytes);
  return aligned;
}

}  // namespace

Mapping::Mapping(int descriptor, std::size_t bytes) : bytes_(bytes) {
  void* at = bytes >= huge_page_bytes ? reserve_aligned(bytes) : nullptr;
  void* address =
      mmap(at, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | (at != nullptr ? MAP_FIXED : 0), descriptor, 0);
  if (address == MAP_FAILED)
    throw system_error(fmt::format("cannot map {} bytes of shared memory", bytes), errno);
  data_ = static_cast<std::byte*>(address);
}
Mapping::Mapping(Mapping&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), bytes_(std::exchange(other.bytes_, 0)) {}
Mapping& Mapping::operator=(Mapping&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(bytes_, other.bytes_);
  return *this;
}
Mapping::~Mapping() {
  if (data_ != nullptr) munmap(data_, bytes_);
}

Neighbourhood own_neighbourhood() {
  std::string boot;
  std::getline(std::ifstream("/proc/sys/kernel/random/boot_id"), boot);
  struct stat status {};
  if (stat("/proc/self/ns/pid", &status) != 0) throw system_error("cannot read /proc/self/ns/pid", errno);
  return {std::hash<std::string>{}(boot), status.st_ino};
}

void permit_crossing() noexcept {
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);  // fails without Yama, where no leave is needed
}

Descriptor create_file(const char* name, std::size_t bytes) {
  Descriptor file(memfd_create(name, MFD_CLOEXEC));
  if (file.number() < 0) throw system_error("cannot create shared memory", errno);
  if (ftruncate(file.number(), static_cast<off_t>(bytes)) != 0)
    throw system_error(fmt::format("cannot make shared memory of {} bytes", bytes), errno);
  return file;
}

Process::Process(int rank, pid_t pid)
    : rank_(rank), pid_(pid), handle_(static_cast<int>(syscall(SYS_pidfd_open, pid, 0))) {
  if (handle_.number() >= 0) return;
  if (errno == ESRCH) throw LostPeer(rank, fmt::format("process {} of rank {} is gone", pid, rank), errno);
  throw system_error(fmt::format("cannot watch process {} of rank {}", pid, rank), errno);
}

bool Process::lives() const noexcept {
  pollfd watched{handle_.number(), POLLIN, 0};  // readable once the process has ended, reaped or not
  return poll(&watched, 1, 0) == 0;
}

Mapping Process::map(int descriptor, std::size_t bytes) const {
  const std::string path = fmt::format("/proc/{}/fd/{}", pid_, descriptor);
  const Descriptor file(open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (file.number() < 0) {
    const int error = errno;
    if (!lives()) throw LostPeer(rank_, fmt::format("rank {} is gone", rank_), error);
    throw system_error(fmt::format("cannot open shared memory of rank {} ({})", rank_, path), error);
  }
  struct stat status {};
  if (fstat(file.number(), &status) != 0 || static_cast<std::size_t>(status.st_size) != bytes)
    throw RunError(
        fmt::format("the shared memory of rank {} does not have the {} bytes it should", rank_, bytes));
  return Mapping(file.number(), bytes);
}

namespace {

// The kernel moves at most this much in one call.
constexpr std::size_t largest_crossing = std::size_t{1} << 30;

using Crossing = ssize_t (*)(pid_t, const iovec*, unsigned long, const iovec*, unsigned long, unsigned long);

void cross(Crossing call, const Process& process, pid_t pid, std::uint64_t theirs, std::byte* ours,
           std::size_t bytes) {
  while (bytes > 0) {
    const std::size_t part = std::min(bytes, largest_crossing);
    const iovec local{ours, part};
    const iovec remote{reinterpret_cast<void*>(theirs), part};
    const ssize_t moved = call(pid, &local, 1, &remote, 1, 0);
    if (moved <= 0) {
      const int error = moved == 0 ? EFAULT : errno;
      if (error == ESRCH || !process.lives())
        throw LostPeer(process.rank(), fmt::format("rank {} is gone", process.rank()), error);
      throw system_error(fmt::format("cannot reach the memory of rank {}", process.rank()), error);
    }
    theirs += static_cast<std::uint64_t>(moved);
    ours += moved;
    bytes -= static_cast<std::size_t>(moved);
  }
}

}  // namespace

void Process::read(std::uint64_t from, std::byte* into, std::size_t bytes) const {
  cross(process_vm_readv, *this, pid_, from, into, bytes);
}
void Process::write(std::uint64_t into, const std::byte* from, std::size_t bytes) const {
  cross(process_vm_writev, *this, pid_, into, const_cast<std::byte*>(from), bytes);
}

}  // namespace podbench::shm
