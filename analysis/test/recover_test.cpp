#include "analysis/recover.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include "base/error.hpp"
#include "results/reader.hpp"
#include "results/spool.hpp"

namespace podbench {
namespace {

namespace fs = std::filesystem;

class Recover : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "podbench-test-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  // A run of two planned cases of which `finished` are in the spool.
  fs::path spool_with(int finished) {
    const fs::path spool = spool_folder_of(folder_ / "a.h5");
    RunRecord run;
    run.run_id = "id-1";
    run.planned_cases = 2;
    create_spool(spool, run);
    SpoolWriter writer(spool, 0);
    writer.append(LaunchRecord{0, "local", {"n", "n"}, {0, 0}, {}});
    for (int i = 0; i < finished; ++i) {
      CaseRecord record;
      record.key.pattern = "allreduce";
      record.key.bytes = static_cast<std::uint64_t>(i);
      record.samples_ns = {10, 20, 30};
      writer.append(record);
    }
    return spool;
  }
  fs::path folder_;
};

TEST_F(Recover, MakesTheFileOfAnInterruptedRun) {
  const fs::path spool = spool_with(1);
  const std::string told = recover(spool);
  EXPECT_NE(told.find("1 cases"), std::string::npos);
  EXPECT_NE(told.find("interrupted"), std::string::npos);
  const podbench::Run run = read_run(folder_ / "a.h5");
  EXPECT_FALSE(run.run.complete);
  EXPECT_EQ(run.run.run_id, "id-1");
  ASSERT_EQ(run.cases.size(), 1U);
  EXPECT_EQ(run.cases[0].samples_ns, (std::vector<std::uint64_t>{10, 20, 30}));
  EXPECT_EQ(read_summary(folder_ / "a.h5").cases[0].p50_ns, 20);
  EXPECT_TRUE(fs::exists(spool));
}

TEST_F(Recover, AFinishedRunIsComplete) {
  const StoredRun stored = store_spool(spool_with(2), folder_ / "b.h5");
  EXPECT_TRUE(stored.summary.run.complete);
  EXPECT_TRUE(stored.problems.empty());
  EXPECT_TRUE(read_summary(folder_ / "b.h5").run.complete);
}

TEST_F(Recover, TellsOfATornTail) {
  const fs::path spool = spool_with(2);
  fs::resize_file(spool / "launch-0.spool", fs::file_size(spool / "launch-0.spool") - 1);
  const std::string told = recover(spool.string() + "/");
  EXPECT_NE(told.find("incomplete and left out"), std::string::npos);
  EXPECT_EQ(read_run(folder_ / "a.h5").cases.size(), 1U);
}

TEST_F(Recover, RefusesTheWrongThing) {
  EXPECT_THROW(static_cast<void>(recover(folder_)), RequestError);
  const fs::path spool = spool_with(1);
  static_cast<void>(recover(spool));
  EXPECT_THROW(static_cast<void>(recover(spool)), RequestError);  // the file exists by now
}

}  // namespace
}  // namespace podbench
