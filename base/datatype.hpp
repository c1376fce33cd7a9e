// Element types and reduction operations, by the names people type (docs/cli.md).
// Thread-safety: everything here is pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace podbench {

enum class DataType : std::uint8_t { float32, float64, bfloat16, float16, int32, int64, uint8 };
enum class Op : std::uint8_t { sum, min, max, prod };

[[nodiscard]] std::size_t size_of(DataType type) noexcept;  // bytes an element
[[nodiscard]] std::string_view name_of(DataType type) noexcept;
[[nodiscard]] std::string_view name_of(Op op) noexcept;
[[nodiscard]] std::optional<DataType> parse_datatype(std::string_view name) noexcept;
[[nodiscard]] std::optional<Op> parse_op(std::string_view name) noexcept;
[[nodiscard]] std::span<const DataType> all_datatypes() noexcept;
[[nodiscard]] std::span<const Op> all_ops() noexcept;

}  // namespace podbench
