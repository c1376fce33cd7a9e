#include "results/store.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <fstream>

#include "base/error.hpp"
#include "results/codec.hpp"
#include "results/reader.hpp"
#include "results/test/sample_run.hpp"

namespace podbench {
namespace {

namespace fs = std::filesystem;
using test::sample_run;
using test::sample_summaries;
using test::TemporaryFolder;

TEST(Store, GivesBackTheWholeRun) {
  const TemporaryFolder folder;
  const podbench::Run run = sample_run();
  write_run(run, sample_summaries(run), folder / "a.h5");
  const podbench::Run back = read_run(folder / "a.h5");
  EXPECT_EQ(encode(back.run), encode(run.run));
  EXPECT_EQ(back.run.complete, run.run.complete);
  ASSERT_EQ(back.nodes.size(), run.nodes.size());
  for (const NodeRecord& node : run.nodes) {
    const auto same = [&](const NodeRecord& other) { return encode(other) == encode(node); };
    EXPECT_TRUE(std::any_of(back.nodes.begin(), back.nodes.end(), same)) << node.node;
  }
  ASSERT_EQ(back.launches.size(), run.launches.size());
  for (std::size_t i = 0; i < run.launches.size(); ++i)
    EXPECT_EQ(encode(back.launches[i]), encode(run.launches[i]));
  ASSERT_EQ(back.cases.size(), run.cases.size());
  for (const CaseRecord& record : run.cases) {
    const auto same = [&](const CaseRecord& other) { return encode(other) == encode(record); };
    EXPECT_TRUE(std::any_of(back.cases.begin(), back.cases.end(), same)) << record.key.name();
  }
  ASSERT_EQ(back.telemetry.size(), run.telemetry.size());
  for (std::size_t i = 0; i < run.telemetry.size(); ++i)
    EXPECT_EQ(encode(back.telemetry[i]), encode(run.telemetry[i])) << run.telemetry[i].name;
}

TEST(Store, GivesBackWhatItRanOn) {
  const TemporaryFolder folder;
  const podbench::Run run = sample_run();
  write_run(run, sample_summaries(run), folder / "a.h5");
  const RunEnvironment back = read_environment(folder / "a.h5");
  EXPECT_EQ(back.source, (folder / "a.h5").string());
  EXPECT_EQ(encode(back.run), encode(run.run));
  ASSERT_EQ(back.nodes.size(), run.nodes.size());
  EXPECT_FALSE(back.nodes.front().attributes.empty());
  ASSERT_EQ(back.launches.size(), run.launches.size());
  for (std::size_t i = 0; i < run.launches.size(); ++i)
    EXPECT_EQ(encode(back.launches[i]), encode(run.launches[i]));
}

TEST(Store, GivesBackTheSummary) {
  const TemporaryFolder folder;
  const podbench::Run run = sample_run();
  const auto summaries = sample_summaries(run);
  write_run(run, summaries, folder / "a.h5");
  const RunSummary back = read_summary(folder / "a.h5");
  EXPECT_EQ(back.source, (folder / "a.h5").string());
  ASSERT_EQ(back.cases.size(), summaries.size());
  for (std::size_t i = 0; i < summaries.size(); ++i) {
    EXPECT_EQ(back.cases[i].key, summaries[i].key);
    EXPECT_EQ(back.cases[i].p50_ns, summaries[i].p50_ns);
    EXPECT_EQ(back.cases[i].algbw_gbps, summaries[i].algbw_gbps);
    EXPECT_TRUE(std::isnan(back.cases[i].busbw_gbps));
    EXPECT_EQ(back.cases[i].points, summaries[i].points);
    EXPECT_EQ(back.cases[i].note, summaries[i].note);
  }
}

TEST(Store, AnEmptyRunIsAFileToo) {
  const TemporaryFolder folder;
  write_run(podbench::Run{}, {}, folder / "a.h5");
  EXPECT_TRUE(read_run(folder / "a.h5").cases.empty());
  EXPECT_TRUE(read_summary(folder / "a.h5").cases.empty());
}

TEST(Store, HolesBetweenLaunchesStayHoles) {
  const TemporaryFolder folder;
  podbench::Run run = sample_run(3, 3, 4);
  run.launches.clear();
  std::erase_if(run.cases,
                [](const CaseRecord& record) { return (record.launch + record.key.bytes / 1024) % 2 == 0; });
  for (CaseRecord& record : run.cases) record.launch *= 1000;
  auto summaries = sample_summaries(run);
  for (CaseSummary& summary : summaries) summary.points.clear();
  write_run(run, summaries, folder / "a.h5");
  const podbench::Run back = read_run(folder / "a.h5");
  EXPECT_EQ(back.cases.size(), run.cases.size());
}

TEST(Store, ManyLabelsAreNotCut) {
  const TemporaryFolder folder;
  podbench::Run run = sample_run(1, 1, 1);
  run.cases.resize(66'000, run.cases[0]);
  for (std::size_t i = 0; i < run.cases.size(); ++i) {
    run.cases[i].key.bytes = i;
    run.cases[i].note = std::to_string(i);
  }
  auto summaries = sample_summaries(run);
  for (CaseSummary& summary : summaries) summary.points.clear();
  write_run(run, summaries, folder / "a.h5");
  const podbench::Run back = read_run(folder / "a.h5");
  ASSERT_EQ(back.cases.size(), run.cases.size());
  EXPECT_EQ(back.cases[65'999].note, "65999");
}

TEST(Store, KilledInTheMiddleLeavesAWholeFileOrNone) {
  const podbench::Run run = sample_run(20, 2, 20'000);
  const auto summaries = sample_summaries(run);
  int none = 0;
  for (int round = 0; round < 12; ++round) {
    const TemporaryFolder folder;
    const pid_t child = ::fork();
    if (child == 0) {
      write_run(run, summaries, folder / "a.h5");
      ::_exit(0);
    }
    ::usleep(static_cast<useconds_t>(1'000 + 8'000 * round));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    if (fs::exists(folder / "a.h5")) {
      EXPECT_EQ(read_run(folder / "a.h5").cases.size(), run.cases.size());
    } else {
      ++none;
      write_run(run, summaries, folder / "a.h5");  // what the killed one left is in nobody's way
    }
  }
  EXPECT_GT(none, 0) << "no round killed the writer in time";
}

TEST(Store, OverwritesNothingAndLeavesNothing) {
  const TemporaryFolder folder;
  const podbench::Run run = sample_run();
  const auto summaries = sample_summaries(run);
  write_run(run, summaries, folder / "a.h5");
  const auto size = fs::file_size(folder / "a.h5");
  EXPECT_THROW(write_run(run, summaries, folder / "a.h5"), RequestError);
  EXPECT_EQ(fs::file_size(folder / "a.h5"), size);
  EXPECT_THROW(write_run(run, summaries, folder / "missing/a.h5"), RequestError);
  EXPECT_THROW(write_run(run, {}, folder / "b.h5"), RunError);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

}  // namespace
}  // namespace podbench
