// Random identifiers. Thread-safety: pure. Errors: RunError where the system gives no randomness.
#pragma once

#include <cstdint>
#include <string>

namespace podbench {

[[nodiscard]] std::uint64_t random_seed();  // 64 bits from the system
[[nodiscard]] std::string new_uuid();       // RFC 9562 version 4: "3b1f0e6c-5a0d-4c1e-9f5e-0d9a4b7c2e11"

}  // namespace podbench
