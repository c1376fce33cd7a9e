// The memory that cases run in: input, output, scratch and staging of one rank.
//
// A BufferPool keeps memory between cases and grows it when a case needs more, so that a case finds warm,
// registered pages. CaseBuffers is one case's view of it.
// Thread-safety: one thread, the endpoint's. Lifetime: the pool outlives every CaseBuffers and Program over
// it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <numeric>
#include <vector>

#include "patterns/schedule.hpp"
#include "transports/transport.hpp"

namespace podbench {

// Whose memory the buffers are: the transport's favourite kind, or ordinary memory of the process.
enum class BufferKind : std::uint8_t { transport, private_memory };

class BufferPool {
 public:
  BufferPool(Endpoint& endpoint, BufferKind kind) : endpoint_(endpoint), kind_(kind) {}
  ~BufferPool();
  BufferPool(const BufferPool&) = delete;
  BufferPool& operator=(const BufferPool&) = delete;

  // At least `bytes` in slot `slot`; earlier views of the slot become invalid when it grows.
  [[nodiscard]] Memory& at_least(std::size_t slot, std::size_t bytes);

 private:
  struct Slot {
    std::unique_ptr<std::byte, void (*)(std::byte*)> own{nullptr, nullptr};  // private memory only
    std::unique_ptr<Memory> memory;
  };
  Endpoint& endpoint_;
  BufferKind kind_;
  std::array<Slot, 4> slots_;
};

class CaseBuffers {
 public:
  // Views for counts of elements of `element_bytes`; `staging_bytes` is what receives that cannot reduce in
  // place need (at most one step's worth).
  CaseBuffers(BufferPool& pool, std::size_t element_bytes, std::uint64_t input_count,
              std::uint64_t output_count, std::uint64_t scratch_count, std::uint64_t staging_bytes);

  [[nodiscard]] std::size_t element_bytes() const noexcept { return element_bytes_; }
  [[nodiscard]] std::byte* address(const Range& range) const;
  [[nodiscard]] const Memory& memory(Buffer buffer) const {
    return *memories_[static_cast<std::size_t>(buffer)];
  }
  [[nodiscard]] const Memory& staging() const { return *memories_[3]; }
  // Of all views together.
  [[nodiscard]] std::size_t bytes() const {
    return std::accumulate(bytes_.begin(), bytes_.end(), std::size_t{0});
  }
  // What the case needs of the buffer's memory.
  [[nodiscard]] std::span<std::byte> view(Buffer buffer) const {
    const auto slot = static_cast<std::size_t>(buffer);
    return {memories_[slot]->data(), bytes_[slot]};
  }
  [[nodiscard]] std::span<std::byte> input() const { return view(Buffer::input); }
  [[nodiscard]] std::span<std::byte> output() const { return view(Buffer::output); }

 private:
  std::size_t element_bytes_;
  std::array<Memory*, 4> memories_;
  std::array<std::size_t, 4> bytes_;
};

}  // namespace podbench
