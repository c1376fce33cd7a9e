#include "base/datatype.hpp"

#include <array>

namespace podbench {
namespace {

struct TypeEntry {
  std::string_view name;
  std::size_t bytes;
};
// Indexed by DataType, in its order.
constexpr std::array<TypeEntry, 7> type_entries{{
    {"float32", 4},
    {"float64", 8},
    {"bfloat16", 2},
    {"float16", 2},
    {"int32", 4},
    {"int64", 8},
    {"uint8", 1},
}};
constexpr std::array<std::string_view, 4> op_names{"sum", "min", "max", "prod"};

constexpr std::array<DataType, 7> datatypes{DataType::float32, DataType::float64, DataType::bfloat16,
                                            DataType::float16, DataType::int32,   DataType::int64,
                                            DataType::uint8};
constexpr std::array<Op, 4> ops{Op::sum, Op::min, Op::max, Op::prod};

}  // namespace

std::size_t size_of(DataType type) noexcept {
  return type_entries[static_cast<std::size_t>(type)].bytes;
}

std::string_view name_of(DataType type) noexcept {
  return type_entries[static_cast<std::size_t>(type)].name;
}

std::string_view name_of(Op op) noexcept {
  return op_names[static_cast<std::size_t>(op)];
}

std::optional<DataType> parse_datatype(std::string_view name) noexcept {
  for (const DataType type : datatypes)
    if (name_of(type) == name) return type;
  return std::nullopt;
}

std::optional<Op> parse_op(std::string_view name) noexcept {
  for (const Op op : ops)
    if (name_of(op) == name) return op;
  return std::nullopt;
}

std::span<const DataType> all_datatypes() noexcept {
  return datatypes;
}

std::span<const Op> all_ops() noexcept {
  return ops;
}

}  // namespace podbench
