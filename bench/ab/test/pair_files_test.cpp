#include "bench/ab/pair_files.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "analysis/recover.hpp"
#include "base/error.hpp"
#include "bench/ab/test/sample_experiment.hpp"
#include "results/reader.hpp"
#include "results/store.hpp"

namespace podbench {
namespace {

namespace fs = std::filesystem;

class PairFilesTest : public testing::Test {
 protected:
  PairFilesTest() {
    std::string name = (fs::temp_directory_path() / "podbench-ab-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
  }
  ~PairFilesTest() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string out() const { return (folder_ / "x").string(); }
  [[nodiscard]] std::vector<std::string> left() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_)) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }
  void take(PairFiles& files, int pair, const PlannedSide& side, std::uint64_t time_ns) const {
    const fs::path half = files.fresh_half(pair, side.side.letter);
    const podbench::Run run = sample_half(side, time_ns);
    write_run(run, summarise(run), half);
    const std::vector<CaseSummary> cases = files.take(half, pair, side);
    ASSERT_EQ(cases.size(), side.run.cases.size());
    EXPECT_EQ(cases.front().p50_ns, static_cast<double>(time_ns));
    EXPECT_FALSE(fs::exists(half));
  }

  fs::path folder_;
  Experiment experiment_ = sample_experiment();
  RunRecord record_;
};

using Names = std::vector<std::string>;

TEST_F(PairFilesTest, TwoRunFilesWithALaunchAPair) {
  PairFiles files(out());
  record_.pod = "here";
  files.create(experiment_, record_);
  for (int pair = 0; pair < 3; ++pair) {
    take(files, pair, experiment_.a, 100 + static_cast<std::uint64_t>(pair));
    take(files, pair, experiment_.b, 200 + static_cast<std::uint64_t>(pair));
  }
  EXPECT_EQ(files.finish(true), Names());
  EXPECT_EQ(left(), (Names{"x-a.h5", "x-b.h5"}));
  const podbench::Run a = read_run(files.run_file('a')), b = read_run(files.run_file('b'));
  EXPECT_TRUE(a.run.complete);
  EXPECT_EQ(a.run.pod, "here");
  EXPECT_EQ(a.run.seed, experiment_.seed);
  EXPECT_NE(a.run.run_id, b.run.run_id);
  EXPECT_NE(a.run.config.find("order = [ "), std::string::npos) << a.run.config;
  EXPECT_NE(b.run.config.find("side = 'b'"), std::string::npos) << b.run.config;
  ASSERT_EQ(b.launches.size(), 3U);
  EXPECT_EQ(b.launches[2].launch, 2);
  const std::vector<CaseSummary> rows = summarise(b);
  ASSERT_EQ(rows.size(), 3U);
  ASSERT_EQ(rows[0].points.size(), 3U);
  for (int pair = 0; pair < 3; ++pair) {
    const LaunchPoint& point = rows[0].points[static_cast<std::size_t>(pair)];
    EXPECT_EQ(point.launch, pair);
    EXPECT_EQ(point.p50_ns, 200 + pair);
    EXPECT_EQ(point.n, 40U);
  }
  // What a later launch found otherwise is kept under its number.
  EXPECT_EQ(b.nodes.at(0).attributes.at("launch.2.noise.before.quantum_ns"), "202");
}

TEST_F(PairFilesTest, SeveralLaunchesAPairKeepTheirPlace) {
  for (PlannedSide* side : {&experiment_.a, &experiment_.b}) side->run.launches = 2;
  PairFiles files(out());
  files.create(experiment_, {});
  for (int pair = 0; pair < 2; ++pair) take(files, pair, experiment_.a, 100);
  (void)files.finish(false);
  const podbench::Run a = read_run(files.run_file('a'));
  ASSERT_EQ(a.launches.size(), 4U);
  for (const CaseRecord& record : a.cases) EXPECT_LT(record.launch, 4);
  // The second case is the second launch of its pair; it comes last.
  EXPECT_EQ(summarise(a)[2].key.bytes, 64U);
  EXPECT_EQ(summarise(a)[2].points.back().launch, 3);
  // b has no launch and so no file.
  EXPECT_EQ(left(), Names{"x-a.h5"});
  EXPECT_TRUE(files.run_file('b').empty());
}

// As after kill -9: nothing is finished, a launch is under way.
TEST_F(PairFilesTest, WhatIsTakenCanBeRecovered) {
  {
    PairFiles files(out());
    files.create(experiment_, {});
    take(files, 0, experiment_.a, 100);
    take(files, 0, experiment_.b, 200);
    take(files, 1, experiment_.b, 201);
    (void)files.fresh_half(1, 'a');
  }
  EXPECT_EQ(left(), (Names{"x-a.spool", "x-b.spool", "x.ab"}));
  (void)recover(folder_ / "x-b.spool");
  const podbench::Run b = read_run(folder_ / "x-b.h5");
  EXPECT_EQ(b.launches.size(), 2U);
  EXPECT_FALSE(b.run.complete);
  EXPECT_EQ(b.run.seed, experiment_.seed);
}

TEST_F(PairFilesTest, ATryThatFailedLeavesNothing) {
  PairFiles files(out());
  files.create(experiment_, {});
  take(files, 0, experiment_.a, 100);
  take(files, 0, experiment_.b, 100);
  const fs::path half = files.fresh_half(1, 'a');
  const podbench::Run run = sample_half(experiment_.a, 5);
  write_run(run, summarise(run), half);
  EXPECT_EQ(files.fresh_half(1, 'a'), half);
  EXPECT_FALSE(fs::exists(half));
  write_run(run, summarise(run), half);
  EXPECT_EQ(files.finish(false), Names());
  EXPECT_EQ(left(), (Names{"x-a.h5", "x-b.h5"}));
  EXPECT_FALSE(read_run(files.run_file('a')).run.complete);
}

TEST_F(PairFilesTest, AHalfThatIsNotThereOrNotAsPlannedIsRefused) {
  PairFiles files(out());
  files.create(experiment_, {});
  EXPECT_THROW((void)files.take(files.fresh_half(0, 'a'), 0, experiment_.a), RequestError);
  PlannedSide two = experiment_.a;
  two.run.launches = 2;
  const fs::path half = files.fresh_half(0, 'a');
  const podbench::Run run = sample_half(two, 100);
  write_run(run, summarise(run), half);
  EXPECT_THROW((void)files.take(half, 0, experiment_.a), RunError);
}

TEST_F(PairFilesTest, NamesInUseAreRefusedBeforeAnythingIsWritten) {
  for (const char* name : {"x-a.h5", "x-b.h5", "x-a.spool", "x-b.spool", "x.ab"}) {
    fs::create_directory(folder_ / name);
    EXPECT_THROW(PairFiles{out()}, RequestError) << name;
    EXPECT_THROW(PairFiles{out() + ".h5"}, RequestError) << name;
    EXPECT_EQ(left(), Names{name});
    fs::remove(folder_ / name);
  }
  EXPECT_THROW(PairFiles{(folder_ / "").string()}, RequestError);
  const PairFiles free(out() + ".h5");
  EXPECT_EQ(free.run_file('a').filename(), "x-a.h5");
  EXPECT_EQ(left(), Names());
}

}  // namespace
}  // namespace podbench
