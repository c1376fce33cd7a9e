#include "bench/machine/pinning.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <set>
#include <thread>

#include "base/affinity.hpp"
#include "base/error.hpp"

namespace podbench {
namespace {

// Two packages with a NUMA node each, four cores a package, two threads a core: CPUs 0 to 15.
Topology two_sockets() {
  return read_topology("package:2 numa:1 core:4 pu:2");
}

std::vector<int> cpus_up_to(int count) {
  std::vector<int> cpus(static_cast<std::size_t>(count));
  std::iota(cpus.begin(), cpus.end(), 0);
  return cpus;
}

Binding bind(const Topology& topology, std::string_view choice, int rank, int ranks,
             std::vector<int> allowed = {}) {
  return choose_binding(topology, allowed.empty() ? topology.cpus() : allowed, parse_bind(choice), rank,
                        ranks);
}

TEST(Topology, KnowsCoresAndNumaNodes) {
  const Topology topology = two_sockets();
  ASSERT_EQ(topology.cores.size(), 8u);
  EXPECT_EQ(topology.packages, 2);
  EXPECT_EQ(topology.numa_nodes, 2);
  EXPECT_EQ(topology.cores[0].cpus, (std::vector<int>{0, 1}));
  EXPECT_EQ(topology.cores[7].numa, 1);
  EXPECT_EQ(topology.cores[7].package, 1);
  EXPECT_EQ(topology.cpus(), cpus_up_to(16));
  EXPECT_THROW((void)read_topology("nonsense"), RunError);
}

TEST(Topology, DescribesThisMachine) {
  const Topology topology = read_topology();
  EXPECT_GE(topology.cores.size(), 1u);
  EXPECT_FALSE(topology.hwloc_version.empty());
}

// Every rank count up to the cores: distinct cores, never both threads of one, NUMA nodes filled evenly.
TEST(Pinning, GivesEveryRankItsOwnCore) {
  const Topology topology = two_sockets();
  for (int ranks = 1; ranks <= 8; ++ranks) {
    std::set<int> cores;
    std::vector<int> on_numa(2);
    int last_numa = 0;
    for (int rank = 0; rank < ranks; ++rank) {
      const Binding binding = bind(topology, "auto", rank, ranks);
      ASSERT_EQ(binding.cpus.size(), 1u);
      const int core = binding.cpus[0] / 2, numa = core / 4;
      EXPECT_TRUE(cores.insert(core).second) << "rank " << rank << " of " << ranks;
      ++on_numa[static_cast<std::size_t>(numa)];
      EXPECT_GE(numa, last_numa);  // neighbours in rank are neighbours in place
      last_numa = numa;
    }
    EXPECT_LE(std::abs(on_numa[0] - on_numa[1]), 1) << ranks;
  }
}

TEST(Pinning, LeavesCpuZeroFreeWhileItCan) {
  const Topology topology = two_sockets();
  for (int ranks = 1; ranks <= 6; ++ranks)
    for (int rank = 0; rank < ranks; ++rank)
      EXPECT_NE(bind(topology, "auto", rank, ranks).cpus[0], 0) << ranks;
  EXPECT_EQ(bind(topology, "auto", 0, 8).cpus[0], 0);
}

TEST(Pinning, BindsNobodyWhereRanksOutnumberCores) {
  const Topology topology = two_sockets();
  EXPECT_TRUE(bind(topology, "auto", 3, 9).cpus.empty());
  EXPECT_THROW((void)bind(topology, "core", 0, 9), RequestError);
}

TEST(Pinning, KeepsALaunchersBinding) {
  const Topology topology = two_sockets();
  const Binding tight = bind(topology, "auto", 3, 4, {6, 7});
  EXPECT_TRUE(tight.cpus.empty());
  EXPECT_EQ(tight.why, "as the launcher bound it");
  // Enough cores within the mask: distinct ones of it.
  std::set<int> used;
  for (int rank = 0; rank < 2; ++rank) used.insert(bind(topology, "auto", rank, 2, {4, 5, 6, 7}).cpus.at(0));
  EXPECT_EQ(used, (std::set<int>{4, 6}));
}

TEST(Pinning, BindsToNumaNodesAndLists) {
  const Topology topology = two_sockets();
  EXPECT_EQ(format_cpus(bind(topology, "numa", 0, 2).cpus), "0-7");
  EXPECT_EQ(format_cpus(bind(topology, "numa", 1, 2).cpus), "8-15");
  EXPECT_EQ(format_cpus(bind(topology, "numa", 8, 9).cpus), "8-15");
  EXPECT_EQ(bind(topology, "2-3,8", 2, 3).cpus, std::vector<int>{8});
  EXPECT_EQ(bind(topology, "2-3,8", 3, 4).cpus, std::vector<int>{2});
  EXPECT_THROW((void)bind(topology, "99", 0, 1), RequestError);
  EXPECT_TRUE(bind(topology, "none", 0, 1).cpus.empty());
}

TEST(Pinning, CopesWithAnUnknownMachine) {
  EXPECT_TRUE(choose_binding(Topology{}, {0, 1}, parse_bind("auto"), 0, 1).cpus.empty());
  EXPECT_TRUE(choose_binding(Topology{}, {0, 1}, parse_bind("numa"), 0, 1).cpus.empty());
}

TEST(Pinning, ParsesAndFormatsLists) {
  EXPECT_EQ(parse_cpus("0-3,8"), (std::vector<int>{0, 1, 2, 3, 8}));
  EXPECT_EQ(format_cpus({0, 1, 2, 3, 8, 10, 11}), "0-3,8,10-11");
  EXPECT_EQ(format_cpus({}), "");
  for (const char* text :
       {"", ",", "1-", "-1", "3-1", "a", "1,,2", "65536", "0-99999999999", "1 2", "0-65535,0"})
    EXPECT_THROW((void)parse_cpus(text), RequestError) << text;
  EXPECT_THROW((void)parse_bind("nonsense"), RequestError);
  EXPECT_THROW((void)parse_bind("-3"), RequestError);
}

TEST(Pinning, ReallyBinds) {
  std::thread([] {
    const int cpu = current_affinity().back();
    apply_binding({{cpu}, "test"});
    EXPECT_EQ(current_affinity(), std::vector<int>{cpu});
    EXPECT_THROW(apply_binding({{65535}, "test"}), RunError);
    const Binding one = pin_rank(std::vector<int>{0, 1, 0}, 1, "auto");
    EXPECT_EQ(one.cpus, std::vector<int>{cpu});
  }).join();
}

TEST(Pinning, LeavesRanksAloneWhereOtherNodesUseTheSameCores) {
  std::thread([] {
    const std::vector<int> before = current_affinity();
    const std::vector<int> two_nodes{0, 1};
    setenv("PODBENCH_SHARED_CORES", "1", 1);
    EXPECT_EQ(pin_rank(two_nodes, 1, "auto").cpus, std::vector<int>{});
    EXPECT_EQ(current_affinity(), before);
    EXPECT_EQ(pin_rank(two_nodes, 1, "core").cpus.size(), 1U) << "but what is asked for is done";
    setenv("PODBENCH_SHARED_CORES", "0", 1);
    EXPECT_EQ(pin_rank(two_nodes, 1, "auto").cpus.size(), 1U);
    unsetenv("PODBENCH_SHARED_CORES");
  }).join();
}

}  // namespace
}  // namespace podbench
