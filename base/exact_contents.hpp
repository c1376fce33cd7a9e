// How the data check's numbers are made (exact_data.hpp). Internal to base/.
//
// Every element e of a round draws, from a hash, an owner among the ranks, an amount and a shift. Then
//   sum    the owner gives its amount; besides, rank r gives a small number c(r + shift), where c runs
//   through
//          1 ... M and starts again (0 for all but every Q-th rank where the type has too few bits for all).
//          The total of c over any stretch is a closed formula. M and Q keep the grand total within the
//          integers that the type holds, so every partial sum is exact.
//   min    the owner holds the amount, everybody else more. Max is its mirror image.
//   prod   real types: powers of two, with exponents made as the sum's numbers, the owner's amount (odd)
//   besides,
//          and a sign that everybody shares. Integer types: small odd factors in turn, wrapping.
//   none   (data is only moved) a hash of rank, element and round: all bits of an integer, all exact integers
//   of
//          a real type.
// 16-bit types multiply a whole element by a drawn power of two, which costs no bits and tells elements
// apart.
//
// Thread-safety: pure values.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <type_traits>

#include "base/datatype.hpp"
#include "base/random.hpp"

namespace podbench::exact {

// 32-bit mixing (C. Wellons' hash-prospector, "lowbias32"): vectorises where 64-bit multiplication does not.
constexpr std::uint32_t mix32(std::uint32_t x) noexcept {
  x = (x ^ x >> 16) * 0x7feb352du;
  x = (x ^ x >> 15) * 0x846ca68bu;
  return x ^ x >> 16;
}

// What the type can hold. whole_bits: integers up to 2^whole_bits in magnitude are exact (or, for uint8,
// wrap). scale_bits: how many powers of two an element may be scaled by. exponent_room: the sum of all
// exponents in a product that still leaves room for an amount of amount_bits bits.
template <DataType type>
struct Number;

template <class E, class W, int whole, int scale, int room, int odd_bits>
struct NumberFacts {
  using Element = E;
  using Word = W;  // unsigned; arithmetic is done in it
  static constexpr int whole_bits = whole;
  static constexpr int scale_bits = scale;
  static constexpr std::uint32_t exponent_room = room;
  static constexpr int odd_amount_bits = odd_bits;
  static constexpr bool is_signed = !std::is_same_v<E, std::uint8_t>;
};
struct Half : NumberFacts<std::uint16_t, std::uint32_t, 11, 3, 8, 7> {};
struct Brain : NumberFacts<std::uint16_t, std::uint32_t, 8, 4, 96, 7> {};

template <>
struct Number<DataType::float32> : NumberFacts<float, std::uint32_t, 24, 0, 96, 23> {};
template <>
struct Number<DataType::float64> : NumberFacts<double, std::uint64_t, 53, 0, 900, 31> {};
template <>
struct Number<DataType::bfloat16> : Brain {};
template <>
struct Number<DataType::float16> : Half {};
template <>
struct Number<DataType::int32> : NumberFacts<std::int32_t, std::uint32_t, 30, 0, 0, 0> {};
template <>
struct Number<DataType::int64> : NumberFacts<std::int64_t, std::uint64_t, 62, 0, 0, 0> {};
template <>
struct Number<DataType::uint8> : NumberFacts<std::uint8_t, std::uint32_t, 8, 0, 0, 0> {};

template <class N>
inline constexpr bool is_half = std::is_base_of_v<Half, N>;
template <class N>
inline constexpr bool is_brain = std::is_base_of_v<Brain, N>;

// The bits of a float32 that the 16-bit type holds exactly; never infinite or subnormal.
template <class N>
constexpr std::uint16_t narrowed(float value) noexcept {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  if constexpr (is_brain<N>) return static_cast<std::uint16_t>(bits >> 16);
  const std::uint32_t magnitude = bits & 0x7fffffffu;
  const std::uint32_t moved = magnitude == 0 ? 0 : (magnitude - (112u << 23)) >> 13;
  return static_cast<std::uint16_t>(moved | (bits >> 16 & 0x8000u));
}

// `value`, an integer in two's complement, times 2^(scale - 2^(scale_bits - 1)), as an element.
template <class N>
constexpr typename N::Element element_of(typename N::Word value, std::uint32_t scale) noexcept {
  using Integer = std::make_signed_t<typename N::Word>;
  if constexpr (N::scale_bits > 0) {
    constexpr std::uint32_t middle = 1u << (N::scale_bits - 1);
    const float factor = std::bit_cast<float>((127 + scale - middle) << 23);
    return narrowed<N>(static_cast<float>(static_cast<std::int32_t>(value)) * factor);
  } else {
    return static_cast<typename N::Element>(static_cast<Integer>(value));
  }
}

// The hash keys of a round, and of the 2^32 elements that share the upper half of their index.
struct Keys {
  std::uint32_t a, b;
};
constexpr Keys keys_of(std::uint64_t round, std::uint32_t upper_element, std::uint32_t rank) noexcept {
  const std::uint64_t where = mix64(std::uint64_t{upper_element} << 32 | rank);
  const std::uint64_t key = mix64(mix64(round + 0x9e3779b97f4a7c15u) ^ where);
  return {static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)};
}

// The numbers c(n): 1 ... 2^log_values for multiples of 2^log_stride, in turn, and 0 for the rest.
struct Cycle {
  std::uint32_t log_stride = 0, log_values = 0;

  // The most telling cycle whose total over any `ranks` numbers in a row is at most `budget` (at least 2).
  static constexpr Cycle within(std::uint32_t budget, std::uint32_t ranks,
                                std::uint32_t most_log_values) noexcept {
    Cycle cycle;
    std::uint32_t givers = ranks;
    while (givers > budget) givers = (ranks >> ++cycle.log_stride) + 1;
    while (cycle.log_values < most_log_values && (std::uint64_t{givers} << (cycle.log_values + 1)) <= budget)
      ++cycle.log_values;
    return cycle;
  }

  constexpr std::uint32_t shifts() const noexcept {
    return 1u << (log_stride + log_values);
  }  // a power of two
  constexpr std::uint32_t at(std::uint32_t n) const noexcept {
    const std::uint32_t value = 1 + (n >> log_stride & ((1u << log_values) - 1));
    return (n & ((1u << log_stride) - 1)) == 0 ? value : 0;
  }
  // c(first) + ... + c(first + count - 1).
  constexpr std::uint32_t total(std::uint32_t first, std::uint32_t count) const noexcept {
    const std::uint32_t round_up = (1u << log_stride) - 1;
    return below((first + count + round_up) >> log_stride) - below((first + round_up) >> log_stride);
  }

 private:
  // The sum of the first `n` values that are not left out.
  constexpr std::uint32_t below(std::uint32_t n) const noexcept {
    const std::uint32_t values = 1u << log_values, rest = n & (values - 1);
    return n + (n >> log_values) * (values * (values - 1) / 2) + rest * (rest - 1) / 2;
  }
};
inline constexpr std::uint32_t most_log_values = 11;  // 2^20 ranks times 2^11 is still below 2^32

// What the ranks agree on for one element.
template <class N>
struct Draw {
  std::uint32_t shift, owner, hash;
  // 1 ... 2^(whole_bits - 1), in steps where the type has more bits than the hash.
  constexpr typename N::Word amount() const noexcept {
    constexpr int bits = N::whole_bits - 1 < 31 ? N::whole_bits - 1 : 31;
    return typename N::Word{1 + (hash & ((1u << bits) - 1))} << (N::whole_bits - 1 - bits);
  }
  constexpr std::uint32_t scale() const noexcept { return hash >> 24 & ((1u << N::scale_bits) - 1); }
};
template <class N>
constexpr Draw<N> draw(Keys keys, std::uint32_t ranks, std::uint32_t shifts, std::uint32_t element) noexcept {
  const std::uint32_t h = mix32(element ^ keys.a);
  return {h & (shifts - 1), static_cast<std::uint32_t>(std::uint64_t{h} * ranks >> 32),
          mix32(element ^ keys.b)};
}

template <class N>
struct Sum {
  std::uint32_t ranks;
  Cycle cycle = Cycle::within(budget(), ranks, wraps ? 7 : most_log_values);
  static constexpr bool wraps = !N::is_signed;
  static constexpr std::uint32_t budget() noexcept {
    return wraps || N::whole_bits > 32 ? 0xffffffffu : 1u << (N::whole_bits - 1);
  }
  constexpr typename N::Element input(Keys keys, std::uint32_t rank, std::uint32_t element) const noexcept {
    const auto d = draw<N>(keys, ranks, cycle.shifts(), element);
    return element_of<N>(cycle.at(rank + d.shift) + (rank == d.owner ? d.amount() : 0), d.scale());
  }
  constexpr typename N::Element result(Keys keys, std::uint32_t element) const noexcept {
    const auto d = draw<N>(keys, ranks, cycle.shifts(), element);
    return element_of<N>(cycle.total(d.shift, ranks) + d.amount(), d.scale());
  }
};

template <class N, bool largest>
struct Extreme {
  std::uint32_t ranks;
  using Word = typename N::Word;
  // The extreme is the owner's; signed types are moved so that both signs occur.
  static constexpr typename N::Element placed(Word value, std::uint32_t scale) noexcept {
    if constexpr (!N::is_signed) return element_of<N>(largest ? 255 - value : value, scale);
    const Word centred = value - (Word{1} << (N::whole_bits - 1));
    return element_of<N>(largest ? Word{0} - centred : centred, scale);
  }
  constexpr typename N::Element input(Keys keys, std::uint32_t rank, std::uint32_t element) const noexcept {
    constexpr std::uint32_t distances = 1u << (N::whole_bits - 2 < 20 ? N::whole_bits - 2 : 20);
    const auto d = draw<N>(keys, ranks, 1, element);
    const std::uint32_t distance = rank >= d.owner ? rank - d.owner : rank + ranks - d.owner;
    const std::uint32_t above = distance == 0 ? 0 : 1 + ((distance - 1) & (distances - 1));
    return placed(d.amount() + above, d.scale());
  }
  constexpr typename N::Element result(Keys keys, std::uint32_t element) const noexcept {
    const auto d = draw<N>(keys, ranks, 1, element);
    return placed(d.amount(), d.scale());
  }
};

template <class N>
struct RealProduct {
  std::uint32_t ranks;
  Cycle cycle = Cycle::within(N::exponent_room, ranks, 2);

  // sign * odd * 2^exponent.
  static constexpr typename N::Element made(std::uint32_t sign, std::uint32_t odd,
                                            std::uint32_t exponent) noexcept {
    if constexpr (sizeof(typename N::Element) == 8) {
      const auto bits =
          std::bit_cast<std::uint64_t>(static_cast<double>(odd)) + (std::uint64_t{exponent} << 52);
      return std::bit_cast<double>(bits | std::uint64_t{sign} << 63);
    } else {
      const float magnitude = static_cast<float>(static_cast<std::int32_t>(odd));
      const auto bits = std::bit_cast<std::uint32_t>(magnitude) + (exponent << 23);
      const float value = std::bit_cast<float>(bits | sign << 31);
      if constexpr (sizeof(typename N::Element) == 4)
        return value;
      else
        return narrowed<N>(value);
    }
  }
  static constexpr std::uint32_t odd_amount(std::uint32_t hash) noexcept {
    return (hash & ((1u << N::odd_amount_bits) - 1)) | 1;
  }
  constexpr typename N::Element input(Keys keys, std::uint32_t rank, std::uint32_t element) const noexcept {
    const auto d = draw<N>(keys, ranks, cycle.shifts(), element);
    return made(d.hash >> 31, rank == d.owner ? odd_amount(d.hash) : 1, cycle.at(rank + d.shift));
  }
  constexpr typename N::Element result(Keys keys, std::uint32_t element) const noexcept {
    const auto d = draw<N>(keys, ranks, cycle.shifts(), element);
    return made(d.hash >> 31 & ranks & 1, odd_amount(d.hash), cycle.total(d.shift, ranks));
  }
};

template <class N>
struct WrappingProduct {
  using Word = typename N::Word;
  static constexpr std::array<Word, 4> factors{3, 5, 7, 11};
  std::uint32_t ranks;
  std::array<Word, 4> products =
      products_over(ranks);  // of factors[(rank + shift) % 4] over all ranks, by shift

  static constexpr std::array<Word, 4> products_over(std::uint32_t ranks) noexcept {
    std::array<Word, 4> all{1, 1, 1, 1};
    for (std::uint32_t shift = 0; shift < 4; ++shift)
      for (std::uint32_t rank = 0; rank < 4; ++rank)
        all[shift] *= power(factors[(rank + shift) % 4], ranks / 4 + (rank < ranks % 4 ? 1 : 0));
    return all;
  }
  static constexpr Word power(Word base, std::uint32_t exponent) noexcept {
    Word result = 1;
    for (; exponent != 0; exponent >>= 1, base *= base)
      if (exponent & 1) result *= base;
    return result;
  }
  static constexpr Word odd_amount(std::uint32_t hash) noexcept {
    return (sizeof(Word) == 8 ? Word{hash} * 0x100000001u : Word{hash}) | 1;
  }
  constexpr typename N::Element input(Keys keys, std::uint32_t rank, std::uint32_t element) const noexcept {
    const auto d = draw<N>(keys, ranks, 4, element);
    return static_cast<typename N::Element>(factors[(rank + d.shift) & 3] *
                                            (rank == d.owner ? odd_amount(d.hash) : 1));
  }
  constexpr typename N::Element result(Keys keys, std::uint32_t element) const noexcept {
    const auto d = draw<N>(keys, ranks, 4, element);
    return static_cast<typename N::Element>(products[d.shift] * odd_amount(d.hash));
  }
};

template <class N>
struct Moved {
  // `keys` are the sending rank's own.
  constexpr typename N::Element input(Keys keys, std::uint32_t, std::uint32_t element) const noexcept {
    using Integer = std::make_signed_t<typename N::Word>;
    using Word = typename N::Word;
    Word hash = mix32(element ^ keys.a);
    if constexpr (sizeof(Word) == 8) hash = hash << 32 | mix32(element ^ keys.b);
    if constexpr (std::is_integral_v<typename N::Element> && N::scale_bits == 0)
      return static_cast<typename N::Element>(hash);
    constexpr int spare = static_cast<int>(sizeof(Word)) * 8 - 1 - N::whole_bits;
    const Integer whole = static_cast<Integer>(hash) >> spare;
    return element_of<N>(static_cast<Word>(whole),
                         static_cast<std::uint32_t>(hash) & ((1u << N::scale_bits) - 1));
  }
};

}  // namespace podbench::exact
