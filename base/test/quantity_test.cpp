#include "base/quantity.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/error.hpp"

namespace podbench {
namespace {

using Sizes = std::vector<std::uint64_t>;

// The refusal's text; empty where nothing was refused.
template <class F>
std::string refusal(F&& f) {
  try {
    f();
  } catch (const RequestError& error) {
    return error.what();
  }
  return {};
}

TEST(Quantity, ParsesByteSizes) {
  EXPECT_EQ(parse_bytes("0"), 0u);
  EXPECT_EQ(parse_bytes("8B"), 8u);
  EXPECT_EQ(parse_bytes("64K"), 65536u);
  EXPECT_EQ(parse_bytes("64Ki"), 65536u);
  EXPECT_EQ(parse_bytes("64KiB"), 65536u);
  EXPECT_EQ(parse_bytes("1m"), 1u << 20);
  EXPECT_EQ(parse_bytes("2G"), 2ull << 30);
  EXPECT_EQ(parse_bytes("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
}

TEST(Quantity, RefusesWhatIsNoSize) {
  for (const char* text : {"", "K", "-1", "+1", "1.5K", "0x10", "1 K", " 1", "1KK", "1KiBB", "1iB", "1P",
                           "1e3", "18446744073709551616", "16777216T", "18014398509481984K", "nan", "1\n"})
    EXPECT_NE(refusal([&] { (void)parse_bytes(text); }).find("is not a size"), std::string::npos) << text;
}

TEST(Quantity, ParsesByteLists) {
  EXPECT_EQ(parse_byte_list("8"), Sizes({8}));
  EXPECT_EQ(parse_byte_list("64Ki,8,8"), Sizes({8, 65536}));
  EXPECT_EQ(parse_byte_list("8:64"), Sizes({8, 16, 32, 64}));
  EXPECT_EQ(parse_byte_list("8:130:x4"), Sizes({8, 32, 128}));
  EXPECT_EQ(parse_byte_list("8:1Ki:x4,4"), Sizes({4, 8, 32, 128, 512}));
  EXPECT_EQ(parse_byte_list("0:100:+25"), Sizes({0, 25, 50, 75, 100}));
  EXPECT_EQ(parse_byte_list("5:5"), Sizes({5}));
  EXPECT_EQ(parse_byte_list("0:0"), Sizes({0}));
  EXPECT_EQ(parse_byte_list("9223372036854775808:18446744073709551615"), Sizes({1ull << 63}));
  EXPECT_EQ(parse_byte_list("18446744073709551614:18446744073709551615:+1").size(), 2u);
}

TEST(Quantity, RefusesWrongLists) {
  for (const char* text : {"", ",", "8,", "8:", ":8", "8:4", "0:64", "8:64:x1", "8:64:x0", "8:64:4",
                           "8:64:+0", "8:64:x-2", "8:64:x2:x2", "1:10001:+1", "0:1T:+1"})
    EXPECT_NE(refusal([&] { (void)parse_byte_list(text); }), "") << text;
  EXPECT_NE(refusal([&] { (void)parse_byte_list("0:64"); }).find("0,1:64K"), std::string::npos);
  EXPECT_NE(refusal([&] { (void)parse_byte_list(std::string(1'000'000, '1')); }), "");
}

TEST(Quantity, ParsesRankLists) {
  EXPECT_EQ(parse_rank_list("4"), std::vector<int>({4}));
  EXPECT_EQ(parse_rank_list("7,2,4"), std::vector<int>({2, 4, 7}));
  EXPECT_EQ(parse_rank_list("2:64:x2"), std::vector<int>({2, 4, 8, 16, 32, 64}));
  EXPECT_EQ(parse_rank_list("1:512").size(), 512u);
  for (const char* text : {"0", "-1", "1000001", "4K", "2.5", "a", "0:4"})
    EXPECT_NE(refusal([&] { (void)parse_rank_list(text); }), "") << text;
}

TEST(Quantity, ParsesDurations) {
  EXPECT_EQ(parse_duration_ns("2s"), 2'000'000'000);
  EXPECT_EQ(parse_duration_ns("500ms"), 500'000'000);
  EXPECT_EQ(parse_duration_ns("1.5m"), 90'000'000'000);
  EXPECT_EQ(parse_duration_ns("1h"), 3'600'000'000'000);
  EXPECT_EQ(parse_duration_ns("1ns"), 1);
  EXPECT_EQ(parse_duration_ns("2.5us"), 2500);
  for (const char* text : {"", "2", "s", "-2s", "0s", "0.1ns", "1e3s", "infs", "nans", "1.2.3s", "2 s",
                           "9999999h", "1d", "0x2s"})
    EXPECT_NE(refusal([&] { (void)parse_duration_ns(text); }), "") << text;
}

TEST(Quantity, FormatsBytes) {
  EXPECT_EQ(format_bytes(0), "0B");
  EXPECT_EQ(format_bytes(8), "8B");
  EXPECT_EQ(format_bytes(1536), "1536B");
  EXPECT_EQ(format_bytes(65536), "64KiB");
  EXPECT_EQ(format_bytes(1 << 20), "1MiB");
  EXPECT_EQ(format_bytes(1'000'003), "1000003B");
  EXPECT_EQ(format_bytes(3ull << 40), "3072GiB");
  for (const std::uint64_t bytes : {0ull, 7ull, 1024ull, 1ull << 20, 5ull << 30})
    EXPECT_EQ(parse_bytes(format_bytes(bytes)), bytes);
}

TEST(Quantity, FormatsDurationsAndRates) {
  EXPECT_EQ(format_duration_ns(0), "0 ns");
  EXPECT_EQ(format_duration_ns(417), "417 ns");
  EXPECT_EQ(format_duration_ns(999.7), "1 us");
  EXPECT_EQ(format_duration_ns(3210), "3.21 us");
  EXPECT_EQ(format_duration_ns(56.3e6), "56.3 ms");
  EXPECT_EQ(format_duration_ns(2.1e9), "2.1 s");
  EXPECT_EQ(format_duration_ns(1.2345e13), "12345 s");
  EXPECT_EQ(format_duration_ns(-3210), "-3.21 us");
  EXPECT_EQ(format_duration_ns(NAN), "nan ns");
  EXPECT_EQ(format_rate_gbps(9.81e9), "9.81 GB/s");
  EXPECT_EQ(format_rate_gbps(1.23456e12), "1235 GB/s");
  EXPECT_EQ(format_rate_gbps(8e6), "0.008 GB/s");
}

}  // namespace
}  // namespace podbench
