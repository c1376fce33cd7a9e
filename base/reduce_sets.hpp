// The reduction kernels of each vector width that this build contains. Internal to base/ and its tests.
// Thread-safety: constants.
#pragma once

#include <span>

#include "base/reduce.hpp"

namespace podbench {

inline constexpr std::size_t datatype_count = 7;
inline constexpr std::size_t op_count = 4;

struct ReducerTable {
  Reducer by_type_and_op[datatype_count][op_count];  // in the order of the enums
};

struct ReducerSet {
  const char* width;             // "avx512", "avx2", "neon", "portable"
  bool (*runs_here)() noexcept;  // asks this processor
  const ReducerTable* table;
};

// Widest first; the last one, "portable", runs everywhere.
[[nodiscard]] std::span<const ReducerSet> reducer_sets() noexcept;

// Each is defined by the file of its name, where the architecture has it.
extern const ReducerTable reducers_portable;
extern const ReducerTable reducers_avx2;
extern const ReducerTable reducers_avx512;
extern const ReducerTable reducers_neon;

}  // namespace podbench
