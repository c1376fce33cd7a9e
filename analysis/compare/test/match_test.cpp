#include "analysis/compare/match.hpp"

#include <gtest/gtest.h>

#include "analysis/compare/test/sides.hpp"
#include "base/error.hpp"

namespace podbench::compare {
namespace {

using test::key_of;
using test::run_of;
using test::summary_of;

class Match : public ::testing::Test {
 protected:
  CaseSummary timed(const CaseKey& key, double p50_ns = 1'000, std::size_t launches = 3) {
    return summary_of(key, p50_ns, launches, random_);
  }
  static Matching match_of(const std::vector<RunSummary>& base, const std::vector<RunSummary>& next,
                           const Selection& selection = {}) {
    return match(base, next, selection);
  }

 private:
  std::mt19937_64 random_{1};
};

TEST_F(Match, NeedsTheWholeKeyToBeEqual) {
  CaseKey windowed = key_of("one", "ring", 8);
  windowed.options["window"] = "8";
  CaseKey barrier = key_of("one", "ring", 8);
  barrier.sync = "barrier";
  const Matching matching = match_of({run_of("a", {timed(key_of("one", "ring", 8)), timed(windowed)})},
                                     {run_of("b", {timed(key_of("one", "ring", 8)), timed(barrier)})});
  ASSERT_EQ(matching.cases.size(), 1U);
  EXPECT_EQ(matching.cases[0].name(), key_of("one", "ring", 8).name());
  EXPECT_EQ(matching.only_base, std::vector<std::string>{windowed.name()});
  EXPECT_EQ(matching.only_next, std::vector<std::string>{barrier.name()});
}

TEST_F(Match, PoolsTheLaunchesOfSeveralFiles) {
  const CaseKey key = key_of("one", "ring", 8);
  const Matching matching =
      match_of({run_of("a", {timed(key)}), run_of("b", {timed(key)})}, {run_of("c", {timed(key)})});
  ASSERT_EQ(matching.cases.size(), 1U);
  EXPECT_EQ(matching.cases[0].base.size(), 6U);
  EXPECT_EQ(matching.cases[0].base[5].file, 1U);
  EXPECT_EQ(matching.cases[0].next.size(), 3U);
}

TEST_F(Match, SelectedKeysNeedNotBeEqual) {
  const std::vector<RunSummary> runs = {
      run_of("a", {timed(key_of("one", "ring", 8)), timed(key_of("two", "ring", 8), 2'000),
                   timed(key_of("two", "tree", 8))})};
  const Matching matching = match_of(runs, runs, {{}, {"transport=one"}, {"transport=two"}});
  ASSERT_EQ(matching.cases.size(), 1U);
  EXPECT_EQ(matching.cases[0].base_key.transport, "one");
  EXPECT_EQ(matching.cases[0].next_key.transport, "two");
  EXPECT_GT(matching.cases[0].next[0].p50_ns, 1'900);
  EXPECT_EQ(matching.cases[0].name(), key_of("one", "ring", 8).name() + " against transport two");
  EXPECT_EQ(matching.only_next, std::vector<std::string>{key_of("two", "tree", 8).name()});
}

TEST_F(Match, RefusesASideWithSeveralCasesForOne) {
  const std::vector<RunSummary> runs = {
      run_of("a", {timed(key_of("one", "ring", 8)), timed(key_of("two", "ring", 8))})};
  try {
    static_cast<void>(match_of(runs, runs, {{}, {"transport=one,two"}, {"transport=two"}}));
    FAIL() << "two cases for one were taken";
  } catch (const RequestError& error) {
    EXPECT_NE(std::string(error.what()).find("--base-where"), std::string::npos) << error.what();
  }
}

TEST_F(Match, RefusesWhatLeavesNothing) {
  const std::vector<RunSummary> runs = {run_of("a", {timed(key_of("one", "ring", 8))})};
  EXPECT_THROW(static_cast<void>(match_of(runs, runs, {{"transport=none"}, {}, {}})), RequestError);
  EXPECT_THROW(static_cast<void>(match_of(runs, runs, {{}, {}, {"nonsense"}})), RequestError);
  EXPECT_THROW(static_cast<void>(match_of(runs, runs, {{}, {"colour=red"}, {}})), RequestError);
}

TEST_F(Match, WrongFailedAndSkippedAreSaidNotCompared) {
  for (const CaseStatus status : {CaseStatus::wrong_data, CaseStatus::failed, CaseStatus::skipped}) {
    const CaseKey key = key_of("one", "ring", 8);
    CaseSummary bad = timed(key);
    bad.status = status;
    // One bad file among good ones is enough.
    const Matching matching =
        match_of({run_of("a", {timed(key)})}, {run_of("b", {timed(key)}), run_of("c", {bad})});
    EXPECT_TRUE(matching.cases.empty());
    ASSERT_EQ(matching.left_out.size(), 1U);
    EXPECT_EQ(matching.left_out[0].why, std::string(name_of(status)) + " in the new runs");
    EXPECT_EQ(matching.left_out[0].broken, status != CaseStatus::skipped);
    // What did not work before is not broken now.
    const Matching back = match_of({run_of("c", {bad})}, {run_of("c", {bad})});
    ASSERT_EQ(back.left_out.size(), 1U);
    EXPECT_FALSE(back.left_out[0].broken);
  }
}

TEST_F(Match, NotConvergedIsComparedAndSaid) {
  const CaseKey key = key_of("one", "ring", 8);
  CaseSummary shaky = timed(key);
  shaky.status = CaseStatus::not_converged;
  const Matching matching = match_of({run_of("a", {shaky})}, {run_of("b", {timed(key)})});
  ASSERT_EQ(matching.cases.size(), 1U);
  EXPECT_EQ(matching.cases[0].note, "not converged in the base");
}

TEST_F(Match, LaunchesWithoutATimeDoNotCount) {
  const CaseKey key = key_of("one", "ring", 8);
  CaseSummary odd = timed(key);
  odd.points[0].p50_ns = 0;
  odd.points[1].p99_ns = CaseSummary::nothing;
  const Matching some = match_of({run_of("a", {odd})}, {run_of("b", {timed(key)})});
  ASSERT_EQ(some.cases.size(), 1U);
  EXPECT_EQ(some.cases[0].base.size(), 1U);
  odd.points.clear();
  const Matching none = match_of({run_of("a", {odd})}, {run_of("b", {timed(key)})});
  ASSERT_EQ(none.left_out.size(), 1U);
  EXPECT_EQ(none.left_out[0].why, "no sample in the base runs");
}

}  // namespace
}  // namespace podbench::compare
