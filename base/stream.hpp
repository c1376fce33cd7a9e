// Copies past the caches: for data that nobody reads soon and that are too many to stay in a cache anyway.
// An ordinary store first reads the line that it will overwrite, and drives another one out.
// Thread-safety: pure.
#pragma once

#include <cstddef>
#include <span>

namespace podbench {

// As memcpy. The stores are not ordered with others until stream_fence(). `ahead` are places of which as many
// bytes each will be read next: they are brought into the nearest cache meanwhile, so that memory is read
// while it is written. Without instructions for it (other processors than x86-64) it is memcpy.
void stream_copy(std::byte* into, const std::byte* from, std::size_t bytes,
                 std::span<const std::byte* const> ahead = {}) noexcept;

// Afterwards a store, or another thread that sees it, finds all that stream_copy() has written.
void stream_fence() noexcept;

// The size of the last level of cache in bytes, as the system says, or a usual one where it does not.
[[nodiscard]] std::size_t last_cache_bytes();

}  // namespace podbench
