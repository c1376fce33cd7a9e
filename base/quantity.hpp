// Byte sizes and ranges as people write and read them (docs/cli.md): `8`, `64Ki`, `1Mi`; `K M G` alone are
// binary too; output always says KiB, MiB, GiB. Rates are decimal GB/s.
// Thread-safety: pure. Errors: RequestError with one line that says what would be right.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace podbench {

// "64Ki" -> 65536. Accepts an optional B at the end ("64KiB"). Refuses signs, fractions and overflow.
[[nodiscard]] std::uint64_t parse_bytes(std::string_view text);

// A list of sizes: "8", "8,64Ki", "8:64M:x4" (first:last:factor; default factor 2), "0:100:+25"
// (first:last:step). Ascending, without repeats, at most 10,000 of them; both ends included where reached.
[[nodiscard]] std::vector<std::uint64_t> parse_byte_list(std::string_view text);

// A list of rank counts in the same grammar: "4", "2,4,7", "1:512" (every count; step 1), "2:64:x2".
[[nodiscard]] std::vector<int> parse_rank_list(std::string_view text);

// "2s", "500ms", "1.5m", "1h" -> nanoseconds, above 0. A bare number is refused: the unit is part of it.
[[nodiscard]] std::int64_t parse_duration_ns(std::string_view text);

[[nodiscard]] std::string format_bytes(std::uint64_t bytes);       // "8B", "64KiB", "1MiB", "1000003B"
[[nodiscard]] std::string format_duration_ns(double nanoseconds);  // "417 ns", "3.21 us", "56.3 ms", "2.1 s"
[[nodiscard]] std::string format_rate_gbps(double bytes_per_second);  // "9.81 GB/s" (decimal)

}  // namespace podbench
