#include "transports/host_memory.hpp"

#include <fmt/format.h>
#include <sys/mman.h>

#include <cerrno>

#include "base/error.hpp"

namespace podbench {
namespace {

constexpr std::size_t huge_page_bytes = std::size_t{2} << 20;

class MappedMemory final : public Memory {
 public:
  explicit MappedMemory(std::size_t bytes) : Memory(nullptr, bytes) {
    if (bytes == 0) return;
    void* mapped = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) throw system_error(fmt::format("allocate {} bytes", bytes), errno);
    if (bytes >= huge_page_bytes) madvise(mapped, bytes, MADV_HUGEPAGE);  // a hint: refusal changes nothing
    data_ = static_cast<std::byte*>(mapped);
  }
  ~MappedMemory() override {
    if (data_ != nullptr) munmap(data_, bytes_);
  }
  MappedMemory(const MappedMemory&) = delete;
  MappedMemory& operator=(const MappedMemory&) = delete;
};

class AdoptedMemory final : public Memory {
 public:
  AdoptedMemory(std::byte* data, std::size_t bytes) noexcept : Memory(data, bytes) {}
};

}  // namespace

std::unique_ptr<Memory> allocate_host_memory(std::size_t bytes) {
  return std::make_unique<MappedMemory>(bytes);
}

std::unique_ptr<Memory> adopt_host_memory(std::byte* data, std::size_t bytes) {
  return std::make_unique<AdoptedMemory>(data, bytes);
}

}  // namespace podbench
