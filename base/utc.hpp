// Wall-clock time as ISO 8601 text, for people and files; never for measuring (clock.hpp is).
// Thread-safety: pure.
#pragma once

#include <cstdint>
#include <string>

namespace podbench {

[[nodiscard]] std::int64_t utc_now_ns() noexcept;                        // since 1970-01-01T00:00:00Z
[[nodiscard]] std::string format_utc(std::int64_t since_epoch_ns);       // "2026-11-21T01:30:12.042Z"
[[nodiscard]] std::string format_utc_file(std::int64_t since_epoch_ns);  // "20261121T013012Z": for file names
// Seconds since 1970 of "2026-11-21T01:30:12.042Z"; NaN where it is not such a time.
[[nodiscard]] double utc_seconds(const std::string& iso_8601);
[[nodiscard]] std::string utc_now();  // format_utc of now

}  // namespace podbench
