// Whole launches of a small rank program (launch_test_rank) by every launcher that a single machine has.
#include "bench/launch/launch.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <thread>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "bench/launch/launchers.hpp"
#include "bench/rendezvous/address.hpp"
#include "bench/rendezvous/message.hpp"

namespace podbench {
namespace {

using namespace std::chrono_literals;

LaunchRequest request_of(int ranks, std::vector<std::string> arguments) {
  LaunchRequest request;
  request.ranks = ranks;
  request.rank_arguments = std::move(arguments);
  request.program = PODBENCH_TEST_RANK;
  return request;
}

LaunchOutcome launch(int ranks, std::vector<std::string> arguments) {
  return run_launch(request_of(ranks, std::move(arguments)));
}

void expect_blame(const LaunchOutcome& outcome, int rank, const std::string& words) {
  EXPECT_FALSE(outcome.completed);
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_EQ(outcome.blamed_rank, rank);
  EXPECT_NE(outcome.blame.find(words), std::string::npos) << outcome.blame;
  EXPECT_NE(outcome.blame.find("rank " + std::to_string(rank) + " on " + this_node()), std::string::npos)
      << outcome.blame;
}

double seconds_of(const std::function<void()>& work) {
  const std::int64_t start = now_ns();
  work();
  return static_cast<double>(now_ns() - start) / 1e9;
}

TEST(LocalLaunch, completes_with_the_lead_s_exit_code) {
  for (const int code : {0, 1, 3}) {
    const LaunchOutcome outcome = launch(4, {"good", "0", std::to_string(code)});
    EXPECT_TRUE(outcome.completed) << outcome.blame;
    EXPECT_EQ(outcome.exit_code, code);
    EXPECT_EQ(outcome.hosts, std::vector<std::string>(4, this_node()));
  }
}

TEST(LocalLaunch, one_rank_and_many_more_than_cores) {
  EXPECT_TRUE(launch(1, {"good"}).completed);
  EXPECT_TRUE(launch(32, {"good"}).completed);
}

TEST(LocalLaunch, the_ranks_are_told_what_the_director_set_and_never_show_the_secret) {
  LaunchRequest request = request_of(2, {"told"});
  request.published["plan"] = blob_of("plan");
  EXPECT_EQ(run_launch(request).exit_code, 0);
  EXPECT_EQ(launch(2, {"hidden"}).exit_code, 0);
}

TEST(LocalLaunch, a_killed_rank_is_named_with_its_signal) {
  LaunchRequest request = request_of(4, {"die", "2", "9"});
  request.doing = [] { return std::string("running allreduce/ring"); };
  const LaunchOutcome outcome = run_launch(request);
  expect_blame(outcome, 2, "died (signal 9, Killed) while running allreduce/ring");
}

TEST(LocalLaunch, the_lead_may_be_the_one_that_dies) {
  expect_blame(launch(3, {"die", "0", "10"}), 0, "signal 10");
}

TEST(LocalLaunch, a_rank_that_gives_up_is_named_with_its_reason) {
  expect_blame(launch(3, {"abort", "1", "1"}), 1, "the link is down");
  expect_blame(launch(3, {"abort", "1", "2"}), 2, "the link is down");
}

TEST(LocalLaunch, a_rank_s_own_exit_code_carries_through) {
  for (const int code : {1, 2, 3}) {
    const LaunchOutcome outcome = launch(3, {"exit", "1", std::to_string(code)});
    EXPECT_FALSE(outcome.completed);
    EXPECT_EQ(outcome.exit_code, code);
    EXPECT_EQ(outcome.blamed_rank, 1);
  }
  expect_blame(launch(3, {"exit", "1", "4"}), 1, "exit code 4");
  expect_blame(launch(3, {"exit", "1", "57"}), 1, "exit code 57");
  expect_blame(launch(3, {"exit", "1", "0"}), 1, "before its part was done");
}

TEST(LocalLaunch, ranks_that_refuse_the_request_end_the_launch_with_2) {
  const LaunchOutcome outcome = launch(2, {"refuse"});
  EXPECT_EQ(outcome.exit_code, 2);
}

TEST(LocalLaunch, a_hanging_rank_is_told_from_those_that_wait_for_it) {
  const LaunchOutcome outcome = launch(4, {"hang", "3"});
  expect_blame(outcome, 3, "hangs");
  EXPECT_NE(outcome.blame.find("while running a ring"), std::string::npos) << outcome.blame;
}

TEST(LocalLaunch, a_stopped_rank_is_found_without_anybody_waiting_for_it) {
  expect_blame(launch(2, {"stop", "1"}), 1, "stopped");
}

TEST(LocalLaunch, ranks_that_ignore_the_request_to_end_are_killed) {
  LaunchOutcome outcome;
  EXPECT_LT(seconds_of([&] { outcome = launch(3, {"stubborn", "1"}); }), 10);
  expect_blame(outcome, 1, "signal 9");
}

TEST(LocalLaunch, a_rank_that_never_joins_is_named) {
  LaunchRequest request = request_of(3, {"absent", "1"});
  request.start_deadline = 1s;
  const LaunchOutcome outcome = run_launch(request);
  EXPECT_EQ(outcome.blamed_rank, 1);
  EXPECT_NE(outcome.blame.find("rank 1 did not join"), std::string::npos) << outcome.blame;
}

TEST(LocalLaunch, an_interrupt_ends_all_ranks_and_says_so) {
  for (const int number : {SIGINT, SIGTERM}) {
    std::thread person([number] {
      sigset_t all;  // the signal is for the thread of the launch
      sigfillset(&all);
      pthread_sigmask(SIG_SETMASK, &all, nullptr);
      std::this_thread::sleep_for(500ms);
      kill(getpid(), number);
    });
    const LaunchOutcome outcome = launch(3, {"wait"});
    person.join();
    EXPECT_EQ(outcome.signal, number);
    EXPECT_EQ(outcome.exit_code, 4);
  }
}

TEST(LocalLaunch, no_rank_survives_its_director) {
  // A director in a process of its own, killed without a chance to clean up. Its ranks hold a pipe open.
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t director = fork();
  if (director == 0) {
    close(ends[0]);
    static_cast<void>(launch(3, {"wait"}));
    _exit(0);
  }
  close(ends[1]);
  std::this_thread::sleep_for(700ms);
  kill(director, SIGKILL);
  char byte = 0;
  EXPECT_EQ(read(ends[0], &byte, 1), 0);  // all writers are gone
  close(ends[0]);
}

TEST(LaunchRequests, that_cannot_be_served_are_refused_before_anything_starts) {
  LaunchRequest request = request_of(2, {"good"});
  request.launcher = "lokal";
  EXPECT_THROW(static_cast<void>(run_launch(request)), RequestError);
  request.launcher = "ssh";
  EXPECT_THROW(static_cast<void>(run_launch(request)), RequestError);
  request.hosts = {"-oProxyCommand=true"};
  EXPECT_THROW(static_cast<void>(run_launch(request)), RequestError);
  request = request_of(0, {});
  EXPECT_THROW(static_cast<void>(run_launch(request)), RequestError);
  request = request_of(2, {});
  request.launcher = "mpirun";
  request.launch_command = {"no-such-mpirun", "-n", "{ranks}"};
  EXPECT_THROW(static_cast<void>(run_launch(request)), RequestError);
}

TEST(LaunchRequests, a_program_that_is_not_there_ends_the_launch) {
  LaunchRequest request = request_of(2, {});
  request.program = "/no/such/program";
  EXPECT_EQ(run_launch(request).exit_code, 4);
}

// Remote shells are stood in for by a script that runs the command here.
class SshLaunch : public testing::Test {
 protected:
  void SetUp() override { setenv("PODBENCH_SSH", PODBENCH_TEST_SSH, 1); }
  void TearDown() override { unsetenv("PODBENCH_SSH"); }
  static LaunchRequest request(int ranks, std::vector<std::string> arguments,
                               std::vector<std::string> hosts) {
    LaunchRequest request = request_of(ranks, std::move(arguments));
    request.launcher = "ssh";
    request.hosts = std::move(hosts);
    return request;
  }
};

TEST_F(SshLaunch, deals_the_ranks_out_in_blocks) {
  const LaunchOutcome outcome = run_launch(request(5, {"say", "0", "3"}, {"one", "me@two"}));
  EXPECT_TRUE(outcome.completed) << outcome.blame;
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(outcome.hosts, (std::vector<std::string>{"one", "one", "one", "two", "two"}));
}

TEST_F(SshLaunch, words_reach_the_rank_as_they_are) {
  LaunchRequest quoting = request(2, {"told", "it's $HOME `x` \"y\""}, {"one"});
  quoting.published["plan"] = blob_of("plan");
  quoting.environment["PODBENCH_TEST"] = "it's $HOME";
  EXPECT_EQ(run_launch(quoting).exit_code, 0);
  EXPECT_EQ(run_launch(request(2, {"hidden"}, {"one"})).exit_code, 0);
}

TEST_F(SshLaunch, a_killed_rank_and_an_unreachable_host_are_named) {
  const LaunchOutcome killed = run_launch(request(3, {"die", "2", "9"}, {"one", "two", "three"}));
  EXPECT_EQ(killed.exit_code, 4);
  EXPECT_EQ(killed.blamed_rank, 2);
  EXPECT_NE(killed.blame.find("three"), std::string::npos) << killed.blame;
  const LaunchOutcome unreachable = run_launch(request(2, {"good"}, {"one", "unreachable"}));
  EXPECT_EQ(unreachable.exit_code, 4);
  EXPECT_NE(unreachable.blame.find("ssh to unreachable"), std::string::npos) << unreachable.blame;
  EXPECT_NE(unreachable.blame.find("No route"), std::string::npos) << unreachable.blame;
}

// The MPI launchers that this machine has, as a plug-in would name them.
class MpirunLaunch : public testing::TestWithParam<std::vector<std::string>> {
 protected:
  static LaunchOutcome launch(std::vector<std::string> arguments) {
    LaunchRequest request = request_of(4, std::move(arguments));
    request.launcher = "mpirun";
    request.launch_command = GetParam();
    return run_launch(request);
  }
};

TEST_P(MpirunLaunch, completes_with_the_lead_s_exit_code) {
  EXPECT_TRUE(launch({"say", "0", "0"}).completed);
  const LaunchOutcome failed_check = launch({"say", "0", "1"});
  EXPECT_EQ(failed_check.exit_code, 1) << failed_check.blame;
}

TEST_P(MpirunLaunch, a_killed_rank_is_named) {
  expect_blame(launch({"die", "2", "9"}), 2, "lost");
}

TEST_P(MpirunLaunch, a_hanging_rank_is_named) {
  expect_blame(launch({"hang", "1"}), 1, "hangs");
}

TEST_P(MpirunLaunch, a_stopped_rank_is_named_and_does_not_survive) {
  int ends[2];
  ASSERT_EQ(pipe2(ends, O_NONBLOCK), 0);  // inherited by whatever is started
  expect_blame(launch({"hang", "1", std::to_string(SIGSTOP)}), 1, "hangs");
  close(ends[1]);
  char byte = 0;
  EXPECT_EQ(read(ends[0], &byte, 1), 0) << "a process of the launch still holds the pipe";
  close(ends[0]);
}

TEST(MpirunHosts, are_given_as_many_slots_as_ranks) {
  LaunchRequest request = request_of(5, {});
  request.launcher = "mpirun";
  request.launch_command = {"true", "-n", "{ranks}"};
  const auto command_for = [&](std::vector<std::string> hosts) {
    request.hosts = std::move(hosts);
    const StoreServer store(StoreOptions{.ranks = request.ranks});
    std::vector<std::string> command = starters_of(request, store).front().child.command;
    command.resize(5);
    return command;
  };
  using Words = std::vector<std::string>;
  EXPECT_EQ(command_for({"one", "two"}), (Words{"true", "-n", "5", "--host", "one:3,two:2"}));
  request.ranks = 2;
  EXPECT_EQ(command_for({"one", "two", "three"}), (Words{"true", "-n", "2", "--host", "one:1,two:1"}));
}

std::vector<std::vector<std::string>> mpi_launchers() {
  std::vector<std::vector<std::string>> launchers;
  if (access("/usr/bin/mpirun.openmpi", X_OK) == 0)
    launchers.push_back(
        {"/usr/bin/mpirun.openmpi", "--allow-run-as-root", "--oversubscribe", "-n", "{ranks}"});
  if (access("/usr/bin/mpiexec.mpich", X_OK) == 0)
    launchers.push_back({"/usr/bin/mpiexec.mpich", "-n", "{ranks}"});
  return launchers;
}
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(MpirunLaunch);
INSTANTIATE_TEST_SUITE_P(Installed, MpirunLaunch, testing::ValuesIn(mpi_launchers()));

}  // namespace
}  // namespace podbench
