// The body of every reduction kernel, written once over compiler vectors. Internal to base/: each
// reduce_<width>.cpp includes it with its own machine flags and gets its own copy.
//
// Everything is in an unnamed namespace and nothing from the standard library is called: an inline function
// compiled here with AVX-512 must never be the copy that the linker keeps for the whole program.
// Thread-safety: pure.
//
// All widths give the same bits, because
//   - a NaN result becomes the one positive quiet NaN; otherwise its sign and payload would depend on the
//     processor and on the order of the operands;
//   - nothing is contracted into a fused multiply-add (the compiler flag is in CMakeLists.txt);
//   - conversions round to nearest even, in hardware as here.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/reduce_sets.hpp"

namespace podbench {
namespace {

template <class T, std::size_t N>
struct VectorOf {
  typedef T type __attribute__((vector_size(N * sizeof(T))));
};
template <class T, std::size_t N>
using Vector = typename VectorOf<T, N>::type;

template <class To, class From>
[[gnu::always_inline]] inline To bits_as(From from) {
  static_assert(sizeof(To) == sizeof(From));
  return __builtin_bit_cast(To, from);
}

// A vector length, in float32 lanes, and how 16-bit floats become float32 at that length. A wider machine
// derives from it and puts its own instructions in the place of the arithmetic for binary16.
template <std::size_t N>
struct Lanes {
  static constexpr std::size_t count = N;
  using Narrower = Lanes<N / 2>;
  using Halves = Vector<std::uint16_t, N>;
  using Words = Vector<std::uint32_t, N>;
  using Floats = Vector<float, N>;

  [[gnu::always_inline]] static Floats widen_binary16(Halves half) {
    const Words wide = __builtin_convertvector(half, Words);
    const Words magnitude = (wide & 0x7fffu) << 13;
    const Words exponent = magnitude & 0x0f800000u;
    const Words normal = magnitude + (112u << 23);
    const Words special = normal + (112u << 23);  // infinity and NaN keep the all-ones exponent
    // A subnormal is its fraction over 2^24: put it behind 2^-14 and take 2^-14 away, which is exact.
    const Words shifted = magnitude + (113u << 23);
    const Words subnormal = bits_as<Words>(bits_as<Floats>(shifted) - 0x1p-14f);
    const Words finite = exponent == 0u ? subnormal : normal;
    const Words result = exponent == 0x0f800000u ? special : finite;
    return bits_as<Floats>(result | (wide & 0x8000u) << 16);
  }

  // `value` holds no NaN but the canonical one.
  [[gnu::always_inline]] static Halves narrow_to_binary16(Floats value) {
    const Words bits = bits_as<Words>(value);
    const Words sign = bits & 0x80000000u;
    const Words magnitude = bits ^ sign;
    const Words normal = (magnitude - (112u << 23) + 0xfffu + (magnitude >> 13 & 1u)) >> 13;
    // Below 2^-14 the result counts multiples of 2^-24, the last place of the numbers in [0.5, 1).
    const Words subnormal = bits_as<Words>(bits_as<Floats>(magnitude) + 0.5f) - 0x3f000000u;
    const Words finite = magnitude < 0x38800000u ? subnormal : normal;
    const Words bounded = magnitude >= 0x477ff000u ? Words{} + 0x7c00u : finite;  // from 65520: infinity
    const Words result = magnitude > 0x7f800000u ? Words{} + 0x7e00u : bounded;
    return __builtin_convertvector(result | sign >> 16, Halves);
  }

  [[gnu::always_inline]] static Floats widen_bfloat16(Halves half) {
    return bits_as<Floats>(__builtin_convertvector(half, Words) << 16);
  }

  // `value` holds no NaN but the canonical one, which rounding leaves a NaN.
  [[gnu::always_inline]] static Halves narrow_to_bfloat16(Floats value) {
    const Words bits = bits_as<Words>(value);
    return __builtin_convertvector((bits + 0x7fffu + (bits >> 16 & 1u)) >> 16, Halves);
  }
};
constexpr std::size_t least_lanes = 4;

// An element type at one vector length: `Stored` as it lies in memory, `Value` as it is computed.
template <class T, class L>
struct Whole {
  using Stored = Vector<T, L::count * sizeof(float) / sizeof(T)>;
  using Value = Stored;
  template <class Other>
  using At = Whole<T, Other>;
  [[gnu::always_inline]] static Value load(Stored stored) { return stored; }
  [[gnu::always_inline]] static Stored store(Value value) { return value; }
};

template <class T, class Bits, Bits canonical_nan, class L>
struct Real {
  using Stored = Vector<T, L::count * sizeof(float) / sizeof(T)>;
  using Value = Stored;
  using Word = Vector<Bits, L::count * sizeof(float) / sizeof(T)>;
  template <class Other>
  using At = Real<T, Bits, canonical_nan, Other>;
  [[gnu::always_inline]] static Value load(Stored stored) { return stored; }
  [[gnu::always_inline]] static Stored store(Value value) {
    return value == value ? value : bits_as<Value>(Word{} + canonical_nan);
  }
};
template <class L>
using Real32 = Real<float, std::uint32_t, 0x7fc00000u, L>;
template <class L>
using Real64 = Real<double, std::uint64_t, 0x7ff8000000000000u, L>;

template <class L>
struct Binary16 {
  using Stored = typename L::Halves;
  using Value = typename L::Floats;
  using Word = typename L::Words;
  template <class Other>
  using At = Binary16<Other>;
  [[gnu::always_inline]] static Value load(Stored stored) { return L::widen_binary16(stored); }
  [[gnu::always_inline]] static Stored store(Value value) {
    return L::narrow_to_binary16(Real32<L>::store(value));
  }
};

template <class L>
struct Bfloat16 {
  using Stored = typename L::Halves;
  using Value = typename L::Floats;
  using Word = typename L::Words;
  template <class Other>
  using At = Bfloat16<Other>;
  [[gnu::always_inline]] static Value load(Stored stored) { return L::widen_bfloat16(stored); }
  [[gnu::always_inline]] static Stored store(Value value) {
    return L::narrow_to_bfloat16(Real32<L>::store(value));
  }
};

// `a` op `b`, lane by lane.
template <Op op, class E>
[[gnu::always_inline]] inline typename E::Value combine(typename E::Value a, typename E::Value b) {
  if constexpr (op == Op::sum) {
    return a + b;
  } else if constexpr (op == Op::prod) {
    return a * b;
  } else if constexpr (requires { typename E::Word; }) {
    // IEEE 754 minimumNumber and maximumNumber: a number wins over a NaN, and -0 is below +0. Where both are
    // equal only the sign can differ: or keeps a minus, and loses it.
    using Word = typename E::Word;
    const auto first = (op == Op::min ? a < b : a > b) | (b != b);
    const Word same =
        op == Op::min ? bits_as<Word>(a) | bits_as<Word>(b) : bits_as<Word>(a) & bits_as<Word>(b);
    const typename E::Value chosen = first ? a : b;
    return a == b ? bits_as<typename E::Value>(same) : chosen;
  } else {
    return (op == Op::min ? a < b : a > b) ? a : b;
  }
}

template <class V>
[[gnu::always_inline]] inline V read(const std::byte* at) {
  V value;
  __builtin_memcpy(&value, at, sizeof value);
  return value;
}

// Copies bytes < 16 without a call.
[[gnu::always_inline]] inline void copy_few(std::byte* to, const std::byte* from, std::size_t bytes) {
  std::size_t at = 0;
  if (bytes & 8) __builtin_memcpy(to, from, 8), at = 8;
  if (bytes & 4) __builtin_memcpy(to + at, from + at, 4), at += 4;
  if (bytes & 2) __builtin_memcpy(to + at, from + at, 2), at += 2;
  if (bytes & 1) to[at] = from[at];
}

// One block: the vectors at `left` and `right`, combined.
template <Op op, class E>
[[gnu::always_inline]] inline typename E::Stored block(const std::byte* left, const std::byte* right) {
  using Stored = typename E::Stored;
  return E::store(combine<op, E>(E::load(read<Stored>(left)), E::load(read<Stored>(right))));
}

// Fewer bytes than one vector of the narrowest length.
template <Op op, class E>
[[gnu::always_inline]] inline void reduce_few(std::byte* into, const std::byte* left, const std::byte* right,
                                              std::size_t bytes) {
  alignas(16) std::byte a[sizeof(typename E::Stored)]{}, b[sizeof(typename E::Stored)]{};
  copy_few(a, left, bytes);
  copy_few(b, right, bytes);
  const auto result = block<op, E>(a, b);
  __builtin_memcpy(a, &result, sizeof result);
  copy_few(into, a, bytes);
}

template <Op op, class L, class E>
[[gnu::always_inline]] inline void reduce_in(std::byte* into, const std::byte* left, const std::byte* right,
                                             std::size_t bytes) {
  constexpr std::size_t size = sizeof(typename E::Stored);
  if (bytes < size) {
    if constexpr (L::count > least_lanes)
      reduce_in<op, typename L::Narrower, typename E::template At<typename L::Narrower>>(into, left, right,
                                                                                         bytes);
    else
      reduce_few<op, E>(into, left, right, bytes);
    return;
  }
  // The last vector may overlap the one before it, so its operands are read before an `into` that is one of
  // them is written.
  const auto last = block<op, E>(left + bytes - size, right + bytes - size);
  for (std::size_t at = 0; at + size <= bytes; at += size) {
    const auto result = block<op, E>(left + at, right + at);
    __builtin_memcpy(into + at, &result, size);
  }
  __builtin_memcpy(into + bytes - size, &last, size);
}

template <Op op, class L, class E>
void kernel(std::byte* into, const std::byte* left, const std::byte* right, std::size_t bytes) {
  reduce_in<op, L, E>(into, left, right, bytes);
}

// Integer sums and products wrap, so they are computed unsigned; order needs the type's own sign.
template <class L, class Ordered, class Wrapping = Ordered>
inline constexpr Reducer row[op_count] = {kernel<Op::sum, L, Wrapping>, kernel<Op::min, L, Ordered>,
                                          kernel<Op::max, L, Ordered>, kernel<Op::prod, L, Wrapping>};

template <class L, class Ordered, class Wrapping = Ordered>
constexpr void fill(Reducer (&ops)[op_count]) {
  for (std::size_t i = 0; i < op_count; ++i) ops[i] = row<L, Ordered, Wrapping>[i];
}

template <class L>
constexpr ReducerTable table_of() {
  ReducerTable table{};
  fill<L, Real32<L>>(table.by_type_and_op[static_cast<std::size_t>(DataType::float32)]);
  fill<L, Real64<L>>(table.by_type_and_op[static_cast<std::size_t>(DataType::float64)]);
  fill<L, Bfloat16<L>>(table.by_type_and_op[static_cast<std::size_t>(DataType::bfloat16)]);
  fill<L, Binary16<L>>(table.by_type_and_op[static_cast<std::size_t>(DataType::float16)]);
  fill<L, Whole<std::int32_t, L>, Whole<std::uint32_t, L>>(
      table.by_type_and_op[static_cast<std::size_t>(DataType::int32)]);
  fill<L, Whole<std::int64_t, L>, Whole<std::uint64_t, L>>(
      table.by_type_and_op[static_cast<std::size_t>(DataType::int64)]);
  fill<L, Whole<std::uint8_t, L>>(table.by_type_and_op[static_cast<std::size_t>(DataType::uint8)]);
  return table;
}

}  // namespace
}  // namespace podbench
