#include "base/utc.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace podbench {
namespace {

TEST(UtcSeconds, ReadsOnlyTimes) {
  EXPECT_EQ(utc_seconds("1970-01-02T00:00:01Z"), 86'401);
  EXPECT_NEAR(utc_seconds("2026-11-21T01:30:12.042Z"), 1'795'224'612.042, 1e-3);
  for (const char* const wrong :
       {"", "yesterday", "2026-13-01T00:00:00Z", "2026-01-01", "2026-01-01T00:00:00",
        "2026-01-01T00:00:00+01:00", "2026-01-01T25:00:00Z", "2026-01-01T00:00:infZ"})
    EXPECT_TRUE(std::isnan(utc_seconds(wrong))) << wrong;
}

}  // namespace
}  // namespace podbench
