// Ranks that a user's own mpirun or mpiexec starts, without a director: PMIx and PMI-1 introduce them.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <string>

#include "bench/rendezvous/address.hpp"

namespace podbench {
namespace {

struct Result {
  int exit_code = -1;
  std::string output;  // both streams
};

class ForeignLaunch : public testing::TestWithParam<std::string> {
 protected:
  static Result run(const std::string& arguments) {
    const std::string command = GetParam() + " " + PODBENCH_TEST_RANK + " " + arguments + " 2>&1";
    Result result;
    FILE* const pipe = popen(command.c_str(), "r");
    if (pipe == nullptr) return result;
    std::array<char, 4096> chunk;
    while (const std::size_t got = fread(chunk.data(), 1, chunk.size(), pipe))
      result.output.append(chunk.data(), got);
    const int status = pclose(pipe);
    if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
    return result;
  }
  static std::string rank_here(int rank) {
    return "podbench: rank " + std::to_string(rank) + " on " + this_node();
  }
};

TEST_P(ForeignLaunch, ranks_find_each_other) {
  const Result good = run("say 0 0");
  EXPECT_EQ(good.exit_code, 0) << good.output;
  EXPECT_EQ(good.output, "");
  EXPECT_EQ(run("say 0 3").exit_code, 3);
}

TEST_P(ForeignLaunch, a_hanging_rank_is_named) {
  for (const char* how : {"hang 1", "hang 2 19"}) {
    const Result result = run(how);
    EXPECT_EQ(result.exit_code, 4);
    EXPECT_NE(result.output.find(rank_here(how[5] - '0') + " hangs"), std::string::npos) << result.output;
  }
}

TEST_P(ForeignLaunch, a_rank_that_gives_up_is_named_with_its_reason) {
  const Result result = run("abort 1 1");
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_NE(result.output.find(rank_here(1) + " gave up: the link is down"), std::string::npos)
      << result.output;
}

// The launcher may be the first to notice; then the words are its own.
TEST_P(ForeignLaunch, a_killed_rank_ends_the_launch) {
  const Result result = run("die 2 9");
  EXPECT_NE(result.exit_code, 0);
  const bool ours = result.output.find(rank_here(2) + " is lost") != std::string::npos;
  const bool theirs = result.output.find("Killed") != std::string::npos;
  EXPECT_TRUE(ours || theirs) << result.output;
}

std::vector<std::string> foreign_launchers() {
  std::vector<std::string> launchers;
  if (access("/usr/bin/mpirun.openmpi", X_OK) == 0)
    launchers.emplace_back("/usr/bin/mpirun.openmpi --allow-run-as-root --oversubscribe -n 4");
  if (access("/usr/bin/mpiexec.mpich", X_OK) == 0) launchers.emplace_back("/usr/bin/mpiexec.mpich -n 4");
  return launchers;
}
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ForeignLaunch);
INSTANTIATE_TEST_SUITE_P(Installed, ForeignLaunch, testing::ValuesIn(foreign_launchers()));

}  // namespace
}  // namespace podbench
