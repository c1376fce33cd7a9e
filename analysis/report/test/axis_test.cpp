#include "analysis/report/axis.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace podbench::report {
namespace {

using Texts = std::vector<std::string>;

Texts labels(Range range, const Axis& axis, int wanted) {
  return tick_labels(ticks(range, axis, wanted), axis);
}

TEST(FormatNumber, NamesItsUnit) {
  EXPECT_EQ(format_number(6412, Unit::time_ns), "6.41 us");
  EXPECT_EQ(format_number(0, Unit::time_ns), "0 ns");
  EXPECT_EQ(format_number(65536, Unit::bytes), "64 KiB");
  EXPECT_EQ(format_number(1.5 * 1048576, Unit::bytes), "1.5 MiB");
  EXPECT_EQ(format_number(1000003, Unit::bytes), "1000003 B");
  EXPECT_EQ(format_number(3.21, Unit::gbps), "3.21 GB/s");
  EXPECT_EQ(format_number(0.0123, Unit::gbps), "12.3 MB/s");
  EXPECT_EQ(format_number(1.3, Unit::percent), "+1.3%");
  EXPECT_EQ(format_number(-0.5, Unit::percent), "-0.5%");
  EXPECT_EQ(format_number(0.9812, Unit::ratio), "0.981");
  EXPECT_EQ(format_number(12, Unit::count), "12");
  EXPECT_EQ(format_number(1'763'683'200, Unit::utc_seconds), "2025-11-21");
  EXPECT_EQ(format_number(1'763'683'200 + 7260, Unit::utc_seconds), "2025-11-21 02:01");
}

TEST(FormatNumber, SurvivesWhatIsNoNumber) {
  for (int unit = 0; unit <= static_cast<int>(Unit::utc_seconds); ++unit)
    for (const double value : {std::nan(""), std::numeric_limits<double>::infinity(), -1e308, 1e308, 5e-324})
      EXPECT_FALSE(format_number(value, static_cast<Unit>(unit)).empty());
  EXPECT_EQ(format_number(std::nan(""), Unit::bytes), "-");
  EXPECT_EQ(format_number(1e300, Unit::utc_seconds), "-");
}

TEST(Ticks, BytesAreAtPowersOfTwo) {
  EXPECT_EQ(labels({8, 1 << 20}, {"", Unit::bytes, true}, 8),
            (Texts{"16 B", "256 B", "4 KiB", "64 KiB", "1 MiB"}));
  for (const double value : ticks({3, 5e9}, {"", Unit::bytes, true}, 6))
    EXPECT_EQ(std::log2(value), std::round(std::log2(value)));
}

TEST(Ticks, LogarithmsAreDecadesAndFinerWhereThereIsRoom) {
  EXPECT_EQ(labels({900, 1.1e6}, {"", Unit::time_ns, true}, 6), (Texts{"1 us", "10 us", "100 us", "1 ms"}));
  EXPECT_EQ(labels({150, 1500}, {"", Unit::time_ns, true}, 6), (Texts{"200 ns", "500 ns", "1 us"}));
  EXPECT_GE(labels({100, 110}, {"", Unit::time_ns, true}, 6).size(), 2U);
}

TEST(Ticks, LinearOnesTellNeighboursApart) {
  EXPECT_EQ(labels({6400, 6421}, {"", Unit::time_ns, false}, 5),
            (Texts{"6.400 us", "6.405 us", "6.410 us", "6.415 us", "6.420 us"}));
  EXPECT_EQ(labels({0, 2}, {"", Unit::gbps, false}, 5),
            (Texts{"0.0 GB/s", "0.5 GB/s", "1.0 GB/s", "1.5 GB/s", "2.0 GB/s"}));
  EXPECT_EQ(labels({-1.2, 1.3}, {"", Unit::percent, false}, 3), (Texts{"-1%", "+0%", "+1%"}));
}

TEST(Ticks, DatesAreWholeDays) {
  const double day = 86400;
  EXPECT_EQ(labels({20000 * day - 100, 20003 * day + 100}, {"", Unit::utc_seconds, false}, 4),
            (Texts{"2024-10-04", "2024-10-05", "2024-10-06", "2024-10-07"}));
}

TEST(Ticks, StayInsideAndFew) {
  for (const bool log : {false, true})
    for (int unit = 0; unit <= static_cast<int>(Unit::utc_seconds); ++unit)
      for (const Range range :
           {Range{1, 1.0001}, Range{1e-9, 1e12}, Range{5, 1e300}, Range{1e15, 1e15 + 8}}) {
        const auto at = ticks(range, {"", static_cast<Unit>(unit), log}, 7);
        EXPECT_LE(at.size(), 1000U);
        EXPECT_TRUE(std::is_sorted(at.begin(), at.end()));
        for (const double value : at) {
          EXPECT_GE(value, range.lo);
          EXPECT_LE(value, range.hi);
        }
      }
}

TEST(WithMargin, GivesRoomToASingleValue) {
  const Range log = with_margin(64, 64, {"", Unit::bytes, true});
  EXPECT_LT(log.lo, 64);
  EXPECT_GT(log.hi, 64);
  const Range zero = with_margin(0, 0, {"", Unit::count, false});
  EXPECT_LT(zero.lo, zero.hi);
}

}  // namespace
}  // namespace podbench::report
