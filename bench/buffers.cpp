#include "bench/buffers.hpp"

#include <sys/mman.h>

#include <cassert>
#include <cerrno>
#include <cstdlib>
#include <new>

#include "base/error.hpp"
#include "base/quantity.hpp"

namespace podbench {
namespace {

constexpr std::size_t page_bytes = 4096, huge_page_bytes = std::size_t{2} << 20;
// From here on a huge page is worth its memory: the kernel that copies between processes takes pages one by
// one. And a case finds the same pages whether or not a larger one came before it.
constexpr std::size_t least_on_huge_pages = std::size_t{64} << 10;

std::size_t rounded_up(std::size_t bytes, std::size_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

std::unique_ptr<std::byte, void (*)(std::byte*)> private_memory(std::size_t bytes) {
  const bool is_large = bytes >= least_on_huge_pages;
  const std::size_t unit = is_large ? huge_page_bytes : page_bytes;
  auto* data = static_cast<std::byte*>(std::aligned_alloc(unit, rounded_up(bytes, unit)));
  if (!data) throw RunError("no memory for a buffer of " + format_bytes(bytes), ENOMEM);
  if (is_large)
    madvise(data, rounded_up(bytes, unit), MADV_HUGEPAGE);  // small pages serve where there are no others
  std::fill_n(data, bytes, std::byte{0});
  return {data, [](std::byte* p) { std::free(p); }};
}

}  // namespace

BufferPool::~BufferPool() = default;

Memory& BufferPool::at_least(std::size_t slot, std::size_t bytes) {
  Slot& s = slots_.at(slot);
  if (s.memory && s.memory->bytes() >= bytes) return *s.memory;
  const std::size_t size = rounded_up(std::max(bytes, page_bytes), page_bytes);
  s.memory.reset();
  s.own = {nullptr, nullptr};
  if (kind_ == BufferKind::transport) {
    s.memory = endpoint_.allocate(size);
  } else {
    s.own = private_memory(size);
    s.memory = endpoint_.adopt(s.own.get(), size);
  }
  return *s.memory;
}

CaseBuffers::CaseBuffers(BufferPool& pool, std::size_t element_bytes, std::uint64_t input_count,
                         std::uint64_t output_count, std::uint64_t scratch_count, std::uint64_t staging_bytes)
    : element_bytes_(element_bytes),
      bytes_{input_count * element_bytes, output_count * element_bytes, scratch_count * element_bytes,
             staging_bytes} {
  for (std::size_t slot = 0; slot < memories_.size(); ++slot)
    memories_[slot] = &pool.at_least(slot, bytes_[slot]);
}

std::byte* CaseBuffers::address(const Range& range) const {
  const auto slot = static_cast<std::size_t>(range.buffer);
  assert((range.first + range.count) * element_bytes_ <= bytes_[slot]);
  return memories_[slot]->data() + range.first * element_bytes_;
}

}  // namespace podbench
