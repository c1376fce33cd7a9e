// UCX's status codes as this project's errors. Thread-safety: pure.
#pragma once

#include <ucs/type/status.h>

#include <string_view>

#include "base/error.hpp"

namespace podbench::ucx {

// RunError "ucx: <doing>: <what the code means>" with the code and, where UCX logged one, its own message.
[[nodiscard]] RunError error_of(ucs_status_t status, std::string_view doing);

// Throws error_of(status, doing) unless the status is good.
void check(ucs_status_t status, std::string_view doing);

// Whether a code says that the other side is gone rather than that the request was wrong.
[[nodiscard]] bool means_lost_peer(ucs_status_t status) noexcept;

}  // namespace podbench::ucx
