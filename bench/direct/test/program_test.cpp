// Every algorithm of the catalogue that can run by loads and stores, on threads, against its contract.
#include "bench/direct/program.hpp"

#include <gtest/gtest.h>

#include "bench/direct/test/local_ranks.hpp"

namespace podbench::direct {
namespace {

bool can_run(const Pattern& pattern, const Algorithm& algorithm) {
  return pattern.metric == Metric::time && !pattern.one_sided && algorithm.generate != nullptr &&
         ((pattern.knobs | algorithm.knobs) & (knob_workload | knob_schedule)) == 0;
}

std::vector<const Algorithm*> candidates() {
  std::vector<const Algorithm*> found;
  for (const Algorithm* algorithm : all_algorithms())
    if (can_run(*find_pattern(algorithm->pattern), *algorithm)) found.push_back(algorithm);
  return found;
}

// Counts around the length of a cell, below the number of ranks, and long enough for several blocks.
const std::vector<std::uint64_t>& awkward_counts() {
  static const std::vector<std::uint64_t> counts{0, 1, 2, 5, 29, 125, 126, 127, 258, 701, 9'001};
  return counts;
}

class EveryAlgorithm : public testing::TestWithParam<const Algorithm*> {};

void expect_right(const Algorithm& algorithm, DataType type, int ranks, std::uint64_t count,
                  bool past_caches) {
  PlannedCase planned;
  planned.pattern = algorithm.pattern;
  planned.algorithm = algorithm.name;
  planned.type = type;
  planned.bytes = count * size_of(type);
  planned.ranks = ranks;
  const Problem problem = problem_of(planned, 0, {});
  if (refusal(*find_pattern(planned.pattern), algorithm, problem)) return;
  EXPECT_EQ(run_locally(planned, 2, 3, past_caches), "");
}

TEST_P(EveryAlgorithm, FulfilsItsContract) {
  for (const int ranks : {1, 2, 3, 4, 5})
    for (const std::uint64_t count : awkward_counts())
      expect_right(*GetParam(), DataType::float32, ranks, count, false);
}

TEST_P(EveryAlgorithm, FulfilsItsContractPastTheCaches) {
  for (const int ranks : {2, 3}) expect_right(*GetParam(), DataType::float16, ranks, 9'001, true);
}

TEST_P(EveryAlgorithm, FulfilsItsContractForManyRanks) {
  expect_right(*GetParam(), DataType::int64, 8, 501, false);
}

// More messages than a pair has cells.
TEST(Program, RunsAgainAndAgain) {
  for (const char* name : {"one_shot", "two_shot", "ring", "recursive_doubling"}) {
    PlannedCase planned;
    planned.pattern = "allreduce";
    planned.algorithm = name;
    planned.bytes = 8;
    planned.ranks = 3;
    EXPECT_EQ(run_locally(planned, 3, 500, false), "") << name;
  }
}

std::string name_of_case(const testing::TestParamInfo<const Algorithm*>& tested) {
  return std::string(tested.param->pattern) + "_" + std::string(tested.param->name);
}

INSTANTIATE_TEST_SUITE_P(Catalogue, EveryAlgorithm, testing::ValuesIn(candidates()), name_of_case);

}  // namespace
}  // namespace podbench::direct
