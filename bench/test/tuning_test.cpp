#include "bench/tuning.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

#include "base/error.hpp"
#include "bench/plan.hpp"

namespace podbench {
namespace {

std::string entry(int ranks, std::uint64_t from_bytes, const char* algorithm,
                  const char* cadence = "isolated", const char* options = "{}") {
  return fmt::format(
      R"({{"pattern":"allreduce","transport":"tcp","datatype":"float32","op":"sum","nodes":1,"cadence":"{}",)"
      R"("ranks":{},"from_bytes":{},"algorithm":"{}","options":{},"measured_bytes":8,"p50_ns":1.0,)"
      R"("candidates":3,"second":"","second_ratio":null,"lead_is_certain":false}})",
      cadence, ranks, from_bytes, algorithm, options);
}

SourceText table(const std::string& entries) {
  return {"table", R"({"tuning":[)" + entries + "]}"};
}

PlannedCase task(int ranks, std::uint64_t bytes) {
  PlannedCase planned;
  planned.transport = "tcp";
  planned.pattern = "allreduce";
  planned.ranks = ranks;
  planned.bytes = bytes;
  return planned;
}

std::string algorithm_for(const Tuning& tuning, const PlannedCase& task) {
  const auto choice = tuning.find(task);
  return choice ? choice->algorithm : "";
}

TEST(Tuning, ARangeHoldsUpToTheNextOne) {
  const Tuning tuning =
      Tuning::parse(table(entry(4, 0, "recursive_doubling") + "," + entry(4, 1024, "rabenseifner")));
  EXPECT_EQ(algorithm_for(tuning, task(4, 8)), "recursive_doubling");
  EXPECT_EQ(algorithm_for(tuning, task(4, 1020)), "recursive_doubling");
  EXPECT_EQ(algorithm_for(tuning, task(4, 1024)), "rabenseifner");
  EXPECT_EQ(algorithm_for(tuning, task(4, 1 << 20)), "rabenseifner");
}

TEST(Tuning, TakesTheNearestRankCountByRatio) {
  const Tuning tuning = Tuning::parse(table(entry(2, 0, "ring") + "," + entry(8, 0, "tree")));
  EXPECT_EQ(algorithm_for(tuning, task(3, 8)), "ring");
  EXPECT_EQ(algorithm_for(tuning, task(5, 8)), "tree");
  EXPECT_EQ(tuning.find(task(5, 8))->ranks, 8);
}

TEST(Tuning, PrefersTheTasksOwnCadenceAndTakesAnother) {
  const Tuning tuning = Tuning::parse(table(entry(2, 0, "ring", "streaming") + "," + entry(2, 0, "tree")));
  EXPECT_EQ(algorithm_for(tuning, task(2, 8)), "tree");
  PlannedCase streaming = task(2, 8);
  streaming.cadence = Cadence::streaming;
  EXPECT_EQ(algorithm_for(tuning, streaming), "ring");
  streaming.type = DataType::float64;
  EXPECT_EQ(algorithm_for(tuning, streaming), "ring");
}

TEST(Tuning, KnowsNothingOfOtherTransportsAndPatterns) {
  const Tuning tuning = Tuning::parse(table(entry(2, 0, "ring")));
  PlannedCase other = task(2, 8);
  other.transport = "shm";
  EXPECT_FALSE(tuning.find(other));
  other = task(2, 8);
  other.pattern = "alltoall";
  EXPECT_FALSE(tuning.find(other));
}

TEST(Tuning, RefusesWhatIsNoTable) {
  for (const std::string& text :
       {std::string(), std::string("[]"), std::string(R"({"tuning":1})"), std::string(R"({"tuning":[1]})"),
        table(entry(0, 0, "ring")).text, table(entry(2, 0, "no_such")).text,
        table(entry(2, 0, "ring", "isolated", "7")).text})
    EXPECT_THROW((void)Tuning::parse({"table", text}), RequestError) << text;
}

TEST(Tuning, EveryTableOfTheProgramCanBeRead) {
  EXPECT_FALSE(built_in_tuning().empty());
  EXPECT_NO_THROW((void)Tuning::load({}));
}

TEST(Tuning, BestBecomesTheAlgorithmOfTheTable) {
  const std::filesystem::path file = std::filesystem::path(testing::TempDir()) / "podbench-tuning-test.json";
  {
    std::ofstream out(file);
    out << table(entry(2, 0, "ring") + "," + entry(2, 64, "tree")).text;
  }
  CaseRequest request;
  request.transports = {"tcp"};
  request.patterns = {"allreduce"};
  request.algorithms = {"best"};
  request.bytes = {"8,64"};
  request.ranks = {"2"};
  request.tuning = file.string();
  Suite suite;
  suite.name = "test";
  suite.requests = {request};
  const Registry registry;
  const RunPlan plan = make_plan(suite, registry, {});
  std::filesystem::remove(file);
  ASSERT_EQ(plan.cases(), 2U);
  for (const PlannedCase& planned : plan.launches.front().cases)
    EXPECT_EQ(planned.algorithm, planned.bytes == 8 ? "ring" : "tree");
}

}  // namespace
}  // namespace podbench
