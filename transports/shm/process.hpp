// Other processes of this node: who they are, whether they live, their files and their private memory.
// Errors: RunError with errno; LostPeer where the process is gone.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

#include "base/error.hpp"

namespace podbench::shm {

// A file descriptor that is closed with its owner.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) noexcept : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  [[nodiscard]] int number() const noexcept { return number_; }
  [[nodiscard]] int release() noexcept;

 private:
  int number_;
};

// The usual huge page: a mapping that holds a whole one begins where one can begin.
inline constexpr std::size_t huge_page_bytes = std::size_t{2} << 20;

// A mapping of a whole file that is unmapped with its owner.
class Mapping {
 public:
  Mapping() = default;
  // Maps `bytes` of a file for reading and writing, shared.
  Mapping(int descriptor, std::size_t bytes);
  Mapping(Mapping&& other) noexcept;
  Mapping& operator=(Mapping&& other) noexcept;
  ~Mapping();
  [[nodiscard]] std::byte* data() const noexcept { return data_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

 private:
  std::byte* data_ = nullptr;
  std::size_t bytes_ = 0;
};

// What tells whether two processes can share memory: equal for all processes of one kernel that see each
// other by the same process numbers.
struct Neighbourhood {
  std::uint64_t boot = 0, pid_namespace = 0;
  friend bool operator==(const Neighbourhood&, const Neighbourhood&) = default;
};
[[nodiscard]] Neighbourhood own_neighbourhood();

// Lets other processes of this user read this one's memory where the kernel asks for such leave (Yama).
void permit_crossing() noexcept;

// New anonymous shared memory; it goes with the last process that has it open or mapped.
[[nodiscard]] Descriptor create_file(const char* name, std::size_t bytes);

class Process {
 public:
  Process(int rank, pid_t pid);
  [[nodiscard]] int rank() const noexcept { return rank_; }
  [[nodiscard]] bool lives() const noexcept;
  // Maps a file that the process has open, which must be exactly `bytes` long.
  [[nodiscard]] Mapping map(int descriptor, std::size_t bytes) const;
  // Copies between the process's private memory and ours.
  void read(std::uint64_t from, std::byte* into, std::size_t bytes) const;
  void write(std::uint64_t into, const std::byte* from, std::size_t bytes) const;

 private:
  int rank_;
  pid_t pid_;
  Descriptor handle_;  // a pidfd: never means another process that got the same number
};

}  // namespace podbench::shm
