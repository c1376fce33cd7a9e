#include "bench/tails.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/clock.hpp"
#include "base/utc.hpp"

namespace podbench {
namespace {

constexpr std::int64_t hour_ns = 3'600'000'000'000;

std::string note_of(std::vector<std::uint64_t> samples) {
  CaseRecord record;
  const std::int64_t now = now_ns();
  std::vector<std::int64_t> began(samples.size(), now);
  if (!began.empty()) began[began.size() / 2] = now - hour_ns;
  name_tails(samples, began, now, record);
  return record.note;
}

TEST(Tails, TheLongestThreeAreNamedLongestFirst) {
  const std::string note = note_of({100, 2'000, 100, 100, 100, 100, 100, 3'000, 100, 1'000, 1'500});
  EXPECT_EQ(std::count(note.begin(), note.end(), ';'), 2) << note;
  EXPECT_LT(note.find("3 us at"), note.find("2 us at")) << note;
  EXPECT_LT(note.find("2 us at"), note.find("1.5 us at")) << note;
}

TEST(Tails, TheTimeIsTheSamplesOwn) {
  const std::string note = note_of({100, 100, 5'000, 100, 100});
  const std::string hour = format_utc(utc_now_ns() - hour_ns).substr(0, 13);  // "2026-11-21T01"
  const std::string before = format_utc(utc_now_ns() - hour_ns - 60'000'000'000).substr(0, 13);
  EXPECT_TRUE(note.find(hour) != std::string::npos || note.find(before) != std::string::npos) << note;
}

TEST(Tails, NothingStandsOut) {
  EXPECT_EQ(note_of({}), "");
  EXPECT_EQ(note_of({100, 999, 100}), "");
  EXPECT_EQ(note_of({0, 0, 5}), "");
}

}  // namespace
}  // namespace podbench
