#include "bench/series.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace podbench {
namespace {

Problem problem_of_ranks(int ranks) {
  Problem problem;
  problem.ranks = ranks;
  return problem;
}

CaseRecord record_of(int ranks, double time_divisor) {
  CaseRecord record;
  record.key.ranks = ranks;
  record.time_divisor = time_divisor;
  return record;
}

TEST(Series, RoundsFillTheMatrixAndKeepAllSamples) {
  const Pattern& pattern = *find_pattern("pairs");
  constexpr int ranks = 5;
  std::vector<CasePart> parts;
  for (int round = 0; round < pattern.series->length(problem_of_ranks(ranks)); ++round) {
    CasePart part{problem_of_ranks(ranks), {100, 200}, {}};
    pattern.series->choose(part.problem.parameters, round);
    for (std::uint64_t rank = 0; rank < ranks; ++rank) {
      part.rank_ns.push_back(1'000 + rank);
      part.rank_p99_ns.push_back(3'000 + rank);
    }
    parts.push_back(part);
  }
  CaseRecord record = record_of(ranks, 2);
  combine(pattern, parts, record);
  EXPECT_EQ(record.samples_ns.size(), 2 * parts.size());
  ASSERT_EQ(record.matrix.size(), 25U);
  for (std::size_t row = 0; row < ranks; ++row)
    for (std::size_t column = 0; column < ranks; ++column) {
      const double value = record.matrix[row * ranks + column];
      if (row == column) {
        EXPECT_TRUE(std::isnan(value));
        continue;
      }
      EXPECT_EQ(value, static_cast<double>(1'000 + row) / 2);
      EXPECT_EQ(record.matrix_p99[row * ranks + column], static_cast<double>(3'000 + row) / 2);
    }
}

TEST(Series, DirectionsAreHeldAgainstEachOther) {
  const Pattern& pattern = *find_pattern("oneway");
  std::vector<CasePart> parts{{problem_of_ranks(3), {1'000, 1'000, 9'000}, {1, 2, 1'000}},
                              {problem_of_ranks(3), {1'500, 1'500, 1'500}, {1'500, 2, 1}}};
  for (int direction = 0; direction < 2; ++direction)
    pattern.series->choose(parts[static_cast<std::size_t>(direction)].problem.parameters, direction);
  CaseRecord record = record_of(3, 1);
  combine(pattern, parts, record);
  EXPECT_NE(record.note.find("there 1 us, back 1.5 us, asymmetry 50%"), std::string::npos) << record.note;
  ASSERT_EQ(record.matrix.size(), 9U);
  EXPECT_EQ(record.matrix[6], 1'000);  // the receiver's row: rank 2 heard rank 0
  EXPECT_EQ(record.matrix[2], 1'500);
  EXPECT_TRUE(std::isnan(record.matrix[4]));
}

TEST(Series, LoadIsHeldAgainstRest) {
  CaseRecord record = record_of(4, 16);
  const std::vector<std::uint64_t> rest(100, 1'000), load(100, 2'500);
  combine(*find_pattern("congestion"), {{{}, rest, {}}, {{}, load, {}}}, record);
  EXPECT_EQ(record.samples_ns, load);
  EXPECT_DOUBLE_EQ(record.impact_mean, 2.5);
  EXPECT_DOUBLE_EQ(record.impact_p99, 2.5);
  EXPECT_NE(record.note.find("impact factor 2.5"), std::string::npos);
}

TEST(Series, ACaseThatEndedEarlyHasNoImpact) {
  CaseRecord record = record_of(4, 16);
  record.status = CaseStatus::wrong_data;
  combine(*find_pattern("congestion"), {{{}, {1'000}, {}}, {{}, {}, {}}}, record);
  EXPECT_EQ(record.impact_mean, 0);
  EXPECT_TRUE(record.samples_ns.empty());
}

TEST(Series, OneProblemIsTheCase) {
  CaseRecord record = record_of(2, 1);
  combine(*find_pattern("allreduce"), {{{}, {5, 6, 7}, {}}}, record);
  EXPECT_EQ(record.samples_ns, (std::vector<std::uint64_t>{5, 6, 7}));
  EXPECT_TRUE(record.matrix.empty());
  EXPECT_EQ(record.impact_mean, 0);
}

}  // namespace
}  // namespace podbench
