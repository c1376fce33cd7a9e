// Plain host memory for transports that need no registration.
// Thread-safety: values of one thread, like any Memory. Errors: RunError where the system has no memory.
#pragma once

#include <cstddef>
#include <memory>

#include "transports/transport.hpp"

namespace podbench {

// New, zeroed, page-aligned memory; transparent huge pages are asked for where a whole one fits.
[[nodiscard]] std::unique_ptr<Memory> allocate_host_memory(std::size_t bytes);

// The caller's own memory, which stays the caller's.
[[nodiscard]] std::unique_ptr<Memory> adopt_host_memory(std::byte* data, std::size_t bytes);

}  // namespace podbench
