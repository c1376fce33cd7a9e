// Element-wise reduction kernels, chosen once for this machine's vector width.
// Thread-safety: pure; the returned functions may be called from any thread.
#pragma once

#include <cstddef>

#include "base/datatype.hpp"

namespace podbench {

// into[i] = left[i] op right[i] for bytes / size_of(type) elements. `bytes` is a whole number of elements.
// `into` may be equal to `left` or to `right`, and must not overlap them otherwise. Addresses need the
// alignment of the element type only. Integer sums and products wrap (two's complement, modulo 2^bits);
// bfloat16 and float16 are computed in float32 and rounded to nearest even per operation; min and max follow
// IEEE 754 minimumNumber and maximumNumber (a number wins over a NaN).
using Reducer = void (*)(std::byte* into, const std::byte* left, const std::byte* right, std::size_t bytes);

// The fastest kernel that this processor runs (decided at first use; every width gives the same bits).
[[nodiscard]] Reducer reducer_for(DataType type, Op op) noexcept;

// "avx512", "avx2", "neon" or "portable": what reducer_for uses here.
[[nodiscard]] const char* reducer_width() noexcept;

}  // namespace podbench
