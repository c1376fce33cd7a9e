// libfabric's return values as this project's errors. Thread-safety: pure.
#pragma once

#include <string_view>

#include "base/error.hpp"

namespace podbench::libfabric {

// RunError "libfabric: <doing>: <what the code means>". `code` as libfabric returns it (negative) or as it
// reports it (positive); the native code is positive.
[[nodiscard]] RunError error_of(long code, std::string_view doing);

// Throws error_of(result, doing) where `result` is negative.
void check(long result, std::string_view doing);

// Whether a positive code says that the other side is gone rather than that the request was wrong.
[[nodiscard]] bool means_lost_peer(long code) noexcept;

}  // namespace podbench::libfabric
