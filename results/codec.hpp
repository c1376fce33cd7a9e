// Records as CBOR (RFC 8949): a map of named fields with "record" as its kind; arrays of numbers
// are byte strings of little-endian 64-bit values. Unknown fields are ignored, absent ones keep their
// defaults, so that neighbouring versions read each other. Thread-safety: pure.
#pragma once

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "results/record.hpp"
#include "results/summary.hpp"

namespace podbench {

using SpoolRecord =
    std::variant<RunRecord, LaunchRecord, NodeRecord, CaseRecord, TelemetryRecord, TelemetrySeries>;

[[nodiscard]] std::vector<std::uint8_t> encode(const RunRecord& run);
[[nodiscard]] std::vector<std::uint8_t> encode(const LaunchRecord& launch);
[[nodiscard]] std::vector<std::uint8_t> encode(const NodeRecord& node);
[[nodiscard]] std::vector<std::uint8_t> encode(const CaseRecord& record);
[[nodiscard]] std::vector<std::uint8_t> encode(const TelemetryRecord& record);

// A whole series and a summary travel only between a reader's processes (isolated.hpp), never into a spool.
[[nodiscard]] std::vector<std::uint8_t> encode(const TelemetrySeries& series);
[[nodiscard]] std::vector<std::uint8_t> encode(const CaseSummary& summary);
[[nodiscard]] CaseSummary decode_summary(std::span<const std::uint8_t> payload);

// Throws std::exception with what is wrong: not CBOR, nested too deeply, a field of another type, a number
// out of range. Memory is bounded by a small multiple of the payload.
[[nodiscard]] SpoolRecord decode(std::span<const std::uint8_t> payload);

}  // namespace podbench
