#include "base/reduce.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "base/random.hpp"
#include "base/reduce_sets.hpp"

namespace podbench {
namespace {

Reducer reducer_of(const ReducerTable& table, DataType type, Op op) {
  return table.by_type_and_op[static_cast<std::size_t>(type)][static_cast<std::size_t>(op)];
}

// Bit patterns that conversions and comparisons get wrong: zeros, subnormals, limits, infinities, NaNs, ties.
std::vector<std::uint64_t> special_bits(DataType type) {
  switch (type) {
    case DataType::float32:
      return {0,          0x80000000, 1,          0x80000001, 0x007fffff, 0x00800000, 0x3f800000, 0xbf800000,
              0x7f7fffff, 0xff7fffff, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc00001, 0x7f800001, 0x3f800001};
    case DataType::float64:
      return {0,
              0x8000000000000000,
              1,
              0x8000000000000001,
              0x000fffffffffffff,
              0x0010000000000000,
              0x3ff0000000000000,
              0xbff0000000000001,
              0x7fefffffffffffff,
              0xffefffffffffffff,
              0x7ff0000000000000,
              0xfff0000000000000,
              0x7ff8000000000000,
              0xfff8000000000001,
              0x7ff0000000000001};
    case DataType::bfloat16:
      return {0,      0x8000, 1,      0x8001, 0x007f, 0x0080, 0x3f80, 0xbf80, 0x3f81, 0x4300,
              0x4380, 0x7f7f, 0xff7f, 0x7f80, 0xff80, 0x7fc0, 0xffc1, 0x7f81, 0x3b80, 0x3c00};
    case DataType::float16:
      return {0,      0x8000, 1,      0x8001, 0x03ff, 0x0400, 0x3c00, 0xbc00, 0x3c01, 0x6400,
              0x6800, 0x7bff, 0xfbff, 0x7c00, 0xfc00, 0x7e00, 0xfe01, 0x7c01, 0x0002, 0x8400};
    case DataType::int32:
      return {0, 1, 0xffffffff, 0x7fffffff, 0x80000000, 0x80000001, 3, 0xfffffffd};
    case DataType::int64:
      return {0,          1,          ~0ull, 0x7fffffffffffffff, 0x8000000000000000, 0x8000000000000001,
              0xffffffff, 0x100000000};
    case DataType::uint8:
      return {0, 1, 2, 127, 128, 129, 254, 255};
  }
  return {};
}

// Every pair of special values first, random bits after them.
struct Operands {
  std::vector<std::byte> left, right;
};
Operands operands_of(DataType type, std::size_t count, Random& random) {
  const auto specials = special_bits(type);
  const std::size_t size = size_of(type), pairs = specials.size() * specials.size();
  Operands operands{std::vector<std::byte>(count * size), std::vector<std::byte>(count * size)};
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t a = i < pairs ? specials[i / specials.size()] : random.next();
    const std::uint64_t b = i < pairs ? specials[i % specials.size()] : random.next();
    std::memcpy(operands.left.data() + i * size, &a, size);
    std::memcpy(operands.right.data() + i * size, &b, size);
  }
  return operands;
}

class EveryWidth : public testing::TestWithParam<const ReducerSet*> {};

TEST_P(EveryWidth, GivesThePortableBits) {
  Random random(3);
  for (const DataType type : all_datatypes()) {
    const std::size_t size = size_of(type);
    const Operands in = operands_of(type, 5000, random);
    for (const Op op : all_ops()) {
      std::vector<std::byte> expected(in.left.size()), found(in.left.size());
      reducer_of(reducers_portable, type, op)(expected.data(), in.left.data(), in.right.data(),
                                              in.left.size());
      reducer_of(*GetParam()->table, type, op)(found.data(), in.left.data(), in.right.data(), in.left.size());
      for (std::size_t at = 0; at < found.size(); at += size)
        ASSERT_EQ(std::memcmp(&found[at], &expected[at], size), 0)
            << name_of(type) << " " << name_of(op) << " element " << at / size;
    }
  }
}

// One 16-bit operand through all its values: each conversion there and back.
TEST_P(EveryWidth, ConvertsEverySixteenBitValueAsPortableDoes) {
  std::vector<std::byte> left(65536 * 2), right(65536 * 2), expected(65536 * 2), found(65536 * 2);
  for (const DataType type : {DataType::float16, DataType::bfloat16})
    for (const std::uint16_t other : {std::uint16_t{0x3c01}, std::uint16_t{0x0003}, std::uint16_t{0xbf83}}) {
      for (std::uint32_t bits = 0; bits < 65536; ++bits) {
        std::memcpy(&left[bits * 2], &bits, 2);
        std::memcpy(&right[bits * 2], &other, 2);
      }
      for (const Op op : all_ops()) {
        reducer_of(reducers_portable, type, op)(expected.data(), left.data(), right.data(), left.size());
        reducer_of(*GetParam()->table, type, op)(found.data(), left.data(), right.data(), left.size());
        ASSERT_EQ(found, expected) << name_of(type) << " " << name_of(op) << " " << other;
      }
    }
}

// Where the result lies relative to the operands.
enum class Place { apart, left, right };

// Lengths 0 ... 130 at every alignment of an element within a vector; bytes around the result stay untouched.
void check_length(const ReducerTable& table, DataType type, Op op, const Operands& in, std::size_t count,
                  std::size_t offset, Place place) {
  const std::size_t size = size_of(type), bytes = count * size, shift = offset * size;
  constexpr std::size_t guard = 64;
  std::vector<std::byte> expected(bytes);
  for (std::size_t at = 0; at < bytes; at += size)  // one element at a time
    reducer_of(reducers_portable, type, op)(&expected[at], &in.left[at], &in.right[at], size);

  std::vector<std::byte> left(guard + shift + bytes + guard, std::byte{0xa5}), right = left, apart = left;
  std::copy_n(in.left.begin(), bytes, left.begin() + static_cast<std::ptrdiff_t>(guard + shift));
  std::copy_n(in.right.begin(), bytes, right.begin() + static_cast<std::ptrdiff_t>(guard + shift));
  std::vector<std::byte>& into = place == Place::left ? left : place == Place::right ? right : apart;
  const std::size_t at = guard + shift;
  reducer_of(table, type, op)(into.data() + at, left.data() + at, right.data() + at, bytes);
  ASSERT_TRUE(std::equal(expected.begin(), expected.end(), into.begin() + static_cast<std::ptrdiff_t>(at)));
  for (std::size_t i = 0; i < into.size(); ++i) {
    const bool outside = i < at || i >= at + bytes;
    ASSERT_TRUE(!outside || into[i] == std::byte{0xa5}) << "byte " << i;
  }
}

TEST_P(EveryWidth, WorksAtEveryLengthAlignmentAndInPlace) {
  Random random(5);
  for (const DataType type : all_datatypes()) {
    const Operands in = operands_of(type, 130, random);
    for (const Op op : all_ops())
      for (std::size_t count = 0; count <= 130; ++count) {
        const std::size_t offset = count % (64 / size_of(type));
        for (const Place place : {Place::apart, Place::left, Place::right}) {
          SCOPED_TRACE(testing::Message() << name_of(type) << " " << name_of(op) << " " << count);
          check_length(*GetParam()->table, type, op, in, count, offset, place);
          if (HasFatalFailure()) return;
        }
      }
    for (std::size_t offset = 0; offset < 64 / size_of(type); ++offset)
      check_length(*GetParam()->table, type, Op::sum, in, 67, offset, Place::left);
  }
}

std::vector<const ReducerSet*> widths_here() {
  std::vector<const ReducerSet*> sets;
  for (const ReducerSet& set : reducer_sets())
    if (set.runs_here()) sets.push_back(&set);
  return sets;
}
INSTANTIATE_TEST_SUITE_P(Reduce, EveryWidth, testing::ValuesIn(widths_here()),
                         [](const auto& width) { return std::string(width.param->width); });

TEST(Reduce, UsesTheWidestSetThatRunsHere) {
  EXPECT_STREQ(reducer_width(), widths_here().front()->width);
  for (const DataType type : all_datatypes())
    for (const Op op : all_ops())
      EXPECT_EQ(reducer_for(type, op), reducer_of(*widths_here().front()->table, type, op));
}

template <class T>
T reduced(DataType type, Op op, T left, T right) {
  T into;
  reducer_for(type, op)(reinterpret_cast<std::byte*>(&into), reinterpret_cast<const std::byte*>(&left),
                        reinterpret_cast<const std::byte*>(&right), sizeof(T));
  return into;
}

// The rest holds the portable kernels, and so every width, against the language's own arithmetic.
TEST(Reduce, IntegersWrap) {
  const auto low = std::numeric_limits<std::int32_t>::min(), high = std::numeric_limits<std::int32_t>::max();
  EXPECT_EQ(reduced<std::int32_t>(DataType::int32, Op::sum, high, 1), low);
  EXPECT_EQ(reduced<std::int32_t>(DataType::int32, Op::prod, 65536, 65537), 65536);
  EXPECT_EQ(reduced<std::int32_t>(DataType::int32, Op::min, -1, 1), -1);
  EXPECT_EQ(reduced<std::int32_t>(DataType::int32, Op::max, -1, 1), 1);
  EXPECT_EQ(reduced<std::int64_t>(DataType::int64, Op::prod, 1ll << 62, 6), std::int64_t{1} << 63);
  EXPECT_EQ(reduced<std::int64_t>(DataType::int64, Op::min, -5'000'000'000, 4), -5'000'000'000);
  EXPECT_EQ(reduced<std::uint8_t>(DataType::uint8, Op::sum, 200, 100), 44);
  EXPECT_EQ(reduced<std::uint8_t>(DataType::uint8, Op::prod, 20, 20), 144);
  EXPECT_EQ(reduced<std::uint8_t>(DataType::uint8, Op::max, 200, 100), 200);
}

TEST(Reduce, ANumberWinsOverANaN) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const Op op : {Op::min, Op::max}) {
    EXPECT_EQ(reduced(DataType::float32, op, nan, 3.0f), 3.0f);
    EXPECT_EQ(reduced(DataType::float32, op, 3.0f, -nan), 3.0f);
    EXPECT_EQ(std::bit_cast<std::uint32_t>(reduced(DataType::float32, op, nan, -nan)), 0x7fc00000u);
    EXPECT_EQ(reduced<std::uint16_t>(DataType::float16, op, 0xfe01, 0x3c00), 0x3c00);
    EXPECT_EQ(reduced<std::uint16_t>(DataType::bfloat16, op, 0x3f80, 0x7f81), 0x3f80);
  }
  EXPECT_EQ(std::bit_cast<std::uint32_t>(reduced(DataType::float32, Op::sum, INFINITY, -INFINITY)),
            0x7fc00000u);
}

TEST(Reduce, MinusZeroIsBelowZero) {
  for (const auto& [a, b] : {std::pair(0.0, -0.0), std::pair(-0.0, 0.0)}) {
    EXPECT_TRUE(std::signbit(reduced(DataType::float64, Op::min, a, b)));
    EXPECT_FALSE(std::signbit(reduced(DataType::float64, Op::max, a, b)));
  }
  EXPECT_TRUE(std::signbit(reduced(DataType::float64, Op::max, -0.0, -0.0)));
  EXPECT_EQ(reduced<std::uint16_t>(DataType::bfloat16, Op::min, 0, 0x8000), 0x8000);
}

TEST(Reduce, RealSumsAndProductsAreTheLanguages) {
  Random random(17);
  for (int i = 0; i < 20'000; ++i) {
    const auto a = std::bit_cast<double>(random.next()), b = std::bit_cast<double>(random.next());
    const double sum = a + b, product = a * b;
    ASSERT_TRUE(std::isnan(sum) || reduced(DataType::float64, Op::sum, a, b) == sum);
    ASSERT_TRUE(std::isnan(product) || reduced(DataType::float64, Op::prod, a, b) == product);
  }
}

double half_value(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  const double magnitude =
      exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

// A correctly rounded binary16 is nearer to the exact value than both neighbours, or as near and even.
void expect_nearest_half(double exact, std::uint16_t found) {
  ASSERT_NE(found & 0x7c00, 0x7c00) << exact;
  const double distance = std::fabs(half_value(found) - exact);
  for (const int step : {-1, 1}) {
    const auto neighbour = static_cast<std::uint16_t>(found + step);
    if ((found & 0x7fff) == 0 || (neighbour & 0x7c00) == 0x7c00) continue;
    const double other = std::fabs(half_value(neighbour) - exact);
    ASSERT_TRUE(distance < other || (distance == other && (found & 1) == 0)) << exact << " " << found;
  }
}

TEST(Reduce, HalvesAreRoundedToNearestEven) {
  Random random(23);
  for (int i = 0; i < 50'000; ++i) {
    const auto a = static_cast<std::uint16_t>(random.next()), b = static_cast<std::uint16_t>(random.next());
    if ((a & 0x7c00) == 0x7c00 || (b & 0x7c00) == 0x7c00) continue;
    const double exact = half_value(a) * half_value(b);  // 22 bits of product are exact in float32 too
    if (std::fabs(exact) < 65504) expect_nearest_half(exact, reduced(DataType::float16, Op::prod, a, b));
  }
  EXPECT_EQ(reduced<std::uint16_t>(DataType::float16, Op::sum, 0x7bff, 0x4c00),
            0x7c00);  // 65504 + 16: infinity
  EXPECT_EQ(reduced<std::uint16_t>(DataType::float16, Op::sum, 0x7bff, 0x4bff),
            0x7bff);  // just below the tie
  EXPECT_EQ(reduced<std::uint16_t>(DataType::bfloat16, Op::sum, 0x4380, 0x3f80),
            0x4380);  // 256 + 1: tie to even
  EXPECT_EQ(reduced<std::uint16_t>(DataType::bfloat16, Op::sum, 0x4381, 0x3f80),
            0x4382);  // 258 + 1: tie to even
  EXPECT_EQ(reduced<std::uint16_t>(DataType::bfloat16, Op::sum, 0x7f7f, 0x7f7f), 0x7f80);
}

}  // namespace
}  // namespace podbench
