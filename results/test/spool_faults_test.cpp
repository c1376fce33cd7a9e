// What the spool promises when a process is killed in the middle of a write, and when the disk is full.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"
#include "results/spool.hpp"
#include "results/store.hpp"
#include "results/test/sample_run.hpp"

namespace podbench {
namespace {

namespace fs = std::filesystem;
using test::sample_run;
using test::TemporaryFolder;

// Runs `work` in a child; its exit status as waitpid gives it.
template <typename Work>
pid_t in_child(const Work& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    work();
    ::_exit(0);
  }
  return child;
}

CaseRecord numbered(const Run& run, int number) {
  CaseRecord record = run.cases[0];
  record.key.bytes = static_cast<std::uint64_t>(number);
  return record;
}

TEST(SpoolFaults, AKilledLeadLosesNoFinishedCase) {
  const podbench::Run run = sample_run(1, 1, 3'000);
  for (int round = 0; round < 20; ++round) {
    const TemporaryFolder folder;
    create_spool(folder / "a.spool", run.run);
    int finished[2];
    ASSERT_EQ(::pipe(finished), 0);
    const pid_t child = in_child([&] {
      SpoolWriter writer(folder / "a.spool", 0);
      for (int number = 0;; ++number) {
        writer.append(numbered(run, number));
        if (::write(finished[1], "x", 1) != 1) ::_exit(1);
      }
    });
    ::usleep(static_cast<useconds_t>(3'000 + 1'700 * round));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    ::close(finished[1]);
    std::size_t promised = 0;
    for (char c; ::read(finished[0], &c, 1) == 1;) ++promised;
    ::close(finished[0]);
    const SpoolContents contents = read_spool(folder / "a.spool");
    ASSERT_GE(contents.run.cases.size(), promised);
    ASSERT_LE(contents.run.cases.size(), promised + 1);
    for (std::size_t i = 0; i < contents.run.cases.size(); ++i) {
      ASSERT_EQ(contents.run.cases[i].key.bytes, i);
      ASSERT_EQ(contents.run.cases[i].samples_ns, run.cases[0].samples_ns);
    }
  }
}

// Appends until the disk refuses; the exit status says how that went.
[[noreturn]] void append_until_full(const fs::path& folder, const Run& run) {
  SpoolWriter writer(folder, 0);
  for (int number = 0; number < 1'000; ++number) {
    try {
      writer.append(numbered(run, number));
    } catch (const RunError& error) {
      const std::string what = error.what();
      const bool clear =
          what.starts_with("disk full: ") && what.find("the finished cases are kept in") != std::string::npos;
      ::_exit(clear ? number : 255);
    }
  }
  ::_exit(254);
}

// Keeps the child's exit status; the whole records must be exactly those that append() took.
void expect_kept(const fs::path& folder, pid_t child) {
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  ASSERT_GT(WEXITSTATUS(status), 0);
  ASSERT_LT(WEXITSTATUS(status), 254);
  const SpoolContents contents = read_spool(folder);
  EXPECT_TRUE(contents.problems.empty());
  EXPECT_EQ(contents.run.cases.size(), static_cast<std::size_t>(WEXITSTATUS(status)));
}

TEST(SpoolFaults, AFileSizeLimitEndsWithAClearLineAndWholeRecords) {
  const TemporaryFolder folder;
  const podbench::Run run = sample_run(1, 1, 1'000);
  create_spool(folder / "a.spool", run.run);
  expect_kept(folder / "a.spool", in_child([&] {
                ::signal(SIGXFSZ, SIG_IGN);
                const rlimit limit = {100'000, 100'000};
                ::setrlimit(RLIMIT_FSIZE, &limit);
                append_until_full(folder / "a.spool", run);
              }));
}

// A file system of 256 KiB; skipped where this user may not mount one.
class FullDisk : public ::testing::Test {
 protected:
  void SetUp() override {
    if (::mount("podbench-test", folder_.path().c_str(), "tmpfs", 0, "size=256k") != 0) {
      GTEST_SKIP() << "may not mount a small file system here (needs root)";
    }
    mounted_ = true;
  }
  void TearDown() override {
    if (mounted_) ::umount2(folder_.path().c_str(), MNT_DETACH);
  }
  TemporaryFolder folder_;

 private:
  bool mounted_ = false;
};

TEST_F(FullDisk, KeepsTheFinishedCases) {
  const podbench::Run run = sample_run(1, 1, 1'000);
  create_spool(folder_ / "a.spool", run.run);
  expect_kept(folder_ / "a.spool", in_child([&] { append_until_full(folder_ / "a.spool", run); }));
}

TEST_F(FullDisk, LeavesNoHalfRunFile) {
  podbench::Run run = sample_run(3, 2, 50'000);
  std::uint64_t state = 1;
  for (CaseRecord& record : run.cases) {
    for (std::uint64_t& sample : record.samples_ns) sample = (state = state * 6364136223846793005ULL + 1);
  }
  const pid_t child = in_child([&] {
    try {
      write_run(run, test::sample_summaries(run), folder_ / "a.h5");
    } catch (const RunError& error) {
      ::_exit(std::string(error.what()).starts_with("disk full: ") ? 1 : 2);
    }
    ::_exit(3);
  });
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 1);
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

}  // namespace
}  // namespace podbench
