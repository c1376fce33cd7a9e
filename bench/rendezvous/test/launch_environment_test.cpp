#include "bench/rendezvous/launch_environment.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "base/error.hpp"
#include "bench/rendezvous/address.hpp"

namespace podbench {
namespace {

// The launch's variables are exactly those given; what this test itself runs under does not matter.
class LaunchEnvironmentTest : public testing::Test {
 protected:
  void with(const std::map<std::string, std::string>& variables) {
    for (const char* name :
         {"PODBENCH_STORE", "PODBENCH_RANK", "PODBENCH_RANKS", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE",
          "PMIX_RANK", "PMIX_NAMESPACE", "PMI_RANK", "PMI_SIZE", "PMI_FD", "SLURM_PROCID", "SLURM_STEP_ID",
          "SLURM_STEP_NUM_TASKS", "SLURM_JOB_ID"})
      unsetenv(name);
    for (const auto& [name, value] : variables) setenv(name.c_str(), value.c_str(), 1);
  }
  void TearDown() override { with({}); }
};

TEST_F(LaunchEnvironmentTest, a_plain_shell_and_a_shell_in_an_allocation_are_alone) {
  with({});
  EXPECT_EQ(detect_launch_environment().kind, LaunchKind::alone);
  with({{"SLURM_JOB_ID", "12"}});
  EXPECT_FALSE(detect_launch_environment().is_rank());
  with({{"SLURM_JOB_ID", "12"}, {"SLURM_PROCID", "0"}});  // a batch script
  EXPECT_FALSE(detect_launch_environment().is_rank());
}

TEST_F(LaunchEnvironmentTest, a_child_of_the_director_takes_its_rank_from_us_or_from_the_launcher) {
  with({{"PODBENCH_STORE", "h:1"}, {"PODBENCH_RANKS", "4"}, {"PODBENCH_RANK", "2"}, {"PMI_RANK", "1"}});
  EXPECT_EQ(detect_launch_environment().kind, LaunchKind::store);
  EXPECT_EQ(detect_launch_environment().rank, 2);
  EXPECT_EQ(detect_launch_environment().size, 4);
  with({{"PODBENCH_STORE", "h:1"},
        {"PODBENCH_RANKS", "4"},
        {"PMI_RANK", "1"},
        {"PMI_FD", "3"},
        {"PMI_SIZE", "4"}});
  EXPECT_EQ(detect_launch_environment().kind, LaunchKind::store);
  EXPECT_EQ(detect_launch_environment().rank, 1);
}

TEST_F(LaunchEnvironmentTest, nonsense_of_ours_is_a_request_error) {
  for (const char* rank : {"4", "-1", "x", "1x", "99999999999"}) {
    with({{"PODBENCH_STORE", "h:1"}, {"PODBENCH_RANKS", "4"}, {"PODBENCH_RANK", rank}});
    EXPECT_THROW(static_cast<void>(detect_launch_environment()), RequestError) << rank;
  }
  with({{"PODBENCH_STORE", "h:1"}});
  EXPECT_THROW(static_cast<void>(detect_launch_environment()), RequestError);
}

TEST_F(LaunchEnvironmentTest, foreign_launchers_are_recognised) {
  with({{"PMIX_NAMESPACE", "x"}, {"PMIX_RANK", "3"}, {"OMPI_COMM_WORLD_SIZE", "5"}});
  EXPECT_EQ(detect_launch_environment().kind, LaunchKind::pmix);
  EXPECT_EQ(detect_launch_environment().rank, 3);
  EXPECT_EQ(detect_launch_environment().size, 5);
  with({{"PMI_FD", "6"}, {"PMI_RANK", "1"}, {"PMI_SIZE", "2"}});
  EXPECT_EQ(detect_launch_environment().kind, LaunchKind::pmi);
  with({{"SLURM_PROCID", "1"}, {"SLURM_STEP_ID", "0"}, {"SLURM_STEP_NUM_TASKS", "4"}});
  EXPECT_EQ(detect_launch_environment().kind, LaunchKind::unsupported);
  EXPECT_NE(detect_launch_environment().reason.find("srun --mpi=pmix"), std::string::npos);
  with({{"SLURM_PROCID", "0"}, {"SLURM_STEP_ID", "0"}, {"SLURM_STEP_NUM_TASKS", "1"}});  // srun --pty bash
  EXPECT_FALSE(detect_launch_environment().is_rank());
}

TEST(Addresses, are_parsed_or_refused) {
  const auto addresses = parse_addresses("10.0.0.1:4000,[fe80::1]:65535,node:1");
  ASSERT_EQ(addresses.size(), 3u);
  EXPECT_EQ(addresses[1].host, "fe80::1");
  EXPECT_EQ(addresses[1].port, 65535);
  for (const char* wrong : {"", "a", ":1", "a:", "a:0", "a:65536", "a:1,", ",a:1", "a:1x", "a: 1"})
    EXPECT_THROW(static_cast<void>(parse_addresses(wrong)), RequestError) << wrong;
}

TEST(Addresses, of_other_nodes_are_never_loopback) {
  for (const std::string& address : own_addresses()) EXPECT_FALSE(address.starts_with("127.")) << address;
  EXPECT_FALSE(reachable_address("localhost").starts_with("127."));
  setenv("PODBENCH_ADDRESS", "10.1.2.3", 1);
  EXPECT_EQ(reachable_address("localhost"), "10.1.2.3");
  setenv("PODBENCH_ADDRESS", "eth0", 1);
  EXPECT_THROW(static_cast<void>(reachable_address("localhost")), RequestError);
  unsetenv("PODBENCH_ADDRESS");
}

TEST(NodeName, comes_from_us_then_slurm_then_the_host) {
  setenv("SLURMD_NODENAME", "slurm1", 1);
  EXPECT_EQ(this_node(), "slurm1");
  setenv("PODBENCH_NODE", "mine", 1);
  EXPECT_EQ(this_node(), "mine");
  setenv("PODBENCH_NODE", "a b", 1);
  EXPECT_THROW(static_cast<void>(this_node()), RequestError);
  unsetenv("PODBENCH_NODE");
  unsetenv("SLURMD_NODENAME");
  EXPECT_FALSE(this_node().empty());
}

}  // namespace
}  // namespace podbench
