#include "analysis/compare/tuning.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "analysis/compare/test/sides.hpp"

namespace podbench::compare {
namespace {

using test::key_of;
using test::run_of;
using test::summary_of;

class TuningOfOneRun : public ::testing::Test {
 protected:
  void time(const CaseKey& key, double p50_ns) { cases_.push_back(summary_of(key, p50_ns, 6, random_)); }
  [[nodiscard]] std::vector<BestAlgorithm> best() const {
    const std::vector<RunSummary> runs = {run_of("a", cases_)};
    return best_algorithms(runs, {});
  }
  [[nodiscard]] std::string file(const std::string& name) const {
    for (const TuningFile& one : tuning_files(best()).files)
      if (one.name == name) return one.text;
    return "";
  }
  // Recursive doubling for small, ring for large vectors.
  void time_two_algorithms(int ranks) {
    for (const std::uint64_t bytes : {1'024U, 4'096U, 16'384U, 65'536U}) {
      const bool small = bytes < 10'000;
      time(key_of("fabric:x", "recursive_doubling", bytes, ranks), small ? 100 : 900);
      time(key_of("fabric:x", "ring", bytes, ranks), small ? 200 : 500);
    }
  }
  std::vector<CaseSummary> cases_;

 private:
  std::mt19937_64 random_{1};
};

// The numbers of a rules file without its remarks.
std::vector<long> numbers_of(const std::string& rules) {
  std::vector<long> numbers;
  std::istringstream lines(rules);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    for (long number = 0; words >> number;) numbers.push_back(number);
  }
  return numbers;
}

TEST_F(TuningOfOneRun, FindsTheBestAndItsLead) {
  time_two_algorithms(4);
  const auto all = best();
  ASSERT_EQ(all.size(), 4U);
  EXPECT_EQ(all[0].key.algorithm, "recursive_doubling");
  EXPECT_EQ(all[0].second, "ring");
  EXPECT_NEAR(all[0].lead.ratio, 2, 0.05);
  EXPECT_EQ(all[0].lead.verdict, Verdict::slower);
  EXPECT_EQ(all[3].key.algorithm, "ring");
  EXPECT_EQ(all[3].candidates, 2U);
}

TEST_F(TuningOfOneRun, WrongDataNeverWins) {
  time_two_algorithms(4);
  for (CaseSummary& summary : cases_)
    if (summary.key.algorithm == "ring") summary.status = CaseStatus::wrong_data;
  for (const BestAlgorithm& one : best()) {
    EXPECT_EQ(one.key.algorithm, "recursive_doubling");
    EXPECT_TRUE(one.second.empty());
  }
}

TEST_F(TuningOfOneRun, RadixIsAChoiceAndRootIsNot) {
  CaseKey radix = key_of("fabric:x", "bruck", 8), root = key_of("fabric:x", "tree", 8);
  radix.options["radix"] = "4";
  root.options["root"] = "1";
  time(key_of("fabric:x", "bruck", 8), 100);
  time(radix, 50);
  time(root, 10);
  const auto all = best();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].candidates + all[1].candidates, 3U);
}

TEST_F(TuningOfOneRun, RangesMeetAtTheGeometricMean) {
  time_two_algorithms(4);
  const auto all = best();
  const auto tables = tuning_tables(all);
  ASSERT_EQ(tables.size(), 1U);
  ASSERT_EQ(tables[0].ranks.size(), 1U);
  const auto& ranges = tables[0].ranks[0].ranges;
  ASSERT_EQ(ranges.size(), 2U);
  EXPECT_EQ(ranges[0].first_bytes, 0U);
  EXPECT_EQ(ranges[1].first_bytes, 8'192U);
}

// Communicators of 4 and 8 were measured: below, between and above them Open MPI decides (algorithm 0).
TEST_F(TuningOfOneRun, OpenMpiRules) {
  time_two_algorithms(4);
  time_two_algorithms(8);
  const std::vector<long> expected = {
      1,                                 // collectives
      2, 5,                              // all-reduce; communicator sizes
      0, 1, 0, 0, 0, 0,                  // from 0 ranks on
      4, 2, 0, 3, 0, 0, 8'192, 4, 0, 0,  // recursive doubling, then ring
      5, 1, 0, 0, 0, 0,                  //
      8, 2, 0, 3, 0, 0, 8'192, 4, 0, 0,  //
      9, 1, 0, 0, 0, 0,
  };
  EXPECT_EQ(numbers_of(file("openmpi-fabric-x.rules")), expected);
}

TEST_F(TuningOfOneRun, WhatOpenMpiDoesNotHaveIsLeftToIt) {
  time(key_of("fabric:x", "swing", 1'024), 100);
  time(key_of("fabric:x", "ring", 1'048'576), 100);
  const Tuning tuning = tuning_files(best());
  EXPECT_EQ(
      numbers_of(file("openmpi-fabric-x.rules")),
      (std::vector<long>{1, 2, 3, 0, 1, 0, 0, 0, 0, 4, 2, 0, 0, 0, 0, 32'768, 4, 0, 0, 5, 1, 0, 0, 0, 0}));
  bool noted = false;
  for (const std::string& note : tuning.notes) noted = noted || note.find("swing") != std::string::npos;
  EXPECT_TRUE(noted);
}

TEST_F(TuningOfOneRun, NoFileWhereNothingCanBeSaid) {
  CaseKey key = key_of("fabric:x", "swing", 8);
  time(key, 10);
  EXPECT_EQ(tuning_files(best()).files.size(), 1U);
}

TEST_F(TuningOfOneRun, UccConfiguration) {
  time_two_algorithms(4);
  EXPECT_NE(file("ucc-fabric-x.conf").find("UCC_TL_UCP_ALLREDUCE_KN_RADIX = 2\n"), std::string::npos);
  EXPECT_NE(file("ucc-fabric-x.conf").find("UCC_TL_UCP_TUNE = allreduce:0-8192:cpu:[4-4]:@knomial\n"),
            std::string::npos)
      << file("ucc-fabric-x.conf");
}

TEST_F(TuningOfOneRun, OurOwnFileHasEverything) {
  time_two_algorithms(4);
  const auto document = nlohmann::json::parse(file("tuning.json"));
  ASSERT_EQ(document["tuning"].size(), 2U);
  EXPECT_EQ(document["tuning"][1]["algorithm"], "ring");
  EXPECT_EQ(document["tuning"][1]["from_bytes"], 8'192);
  EXPECT_EQ(document["tuning"][1]["lead_is_certain"], true);
}

}  // namespace
}  // namespace podbench::compare
