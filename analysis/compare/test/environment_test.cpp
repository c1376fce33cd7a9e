#include "analysis/compare/environment.hpp"

#include <gtest/gtest.h>

#include "analysis/compare/test/sides.hpp"

namespace podbench::compare {
namespace {

using test::environment_of;

std::vector<EnvironmentDifference> differences(const RunEnvironment& base, const RunEnvironment& next) {
  return environment_differences(std::span(&base, 1), std::span(&next, 1));
}

TEST(Environment, OfTheSameIsTheSame) {
  EXPECT_TRUE(differences(environment_of("a"), environment_of("b")).empty());
}

TEST(Environment, ReadingsAreNoDifference) {
  RunEnvironment base = environment_of("a"), next = environment_of("b");
  int value = 0;
  for (const char* name : {"noise.before.missing_ns_per_second", "nic.eth0.after.rx_bytes",
                           "kernel.load_average", "memory.available_bytes", "env.SLURM_JOB_ID",
                           "env.OMPI_MCA_orte_hnp_uri", "launch.3.noise.after.quantum_ns"}) {
    base.nodes[0].attributes[name] = std::to_string(++value);
    next.nodes[0].attributes[name] = std::to_string(++value);
  }
  EXPECT_TRUE(differences(base, next).empty());
  EXPECT_FALSE(is_reading("nic.eth0.mtu_bytes"));
  EXPECT_FALSE(is_reading("env.UCX_TLS"));
}

TEST(Environment, WhatAllNodesDifferInIsOneLine) {
  RunEnvironment next = environment_of("b");
  for (NodeRecord& node : next.nodes) node.attributes["kernel.release"] = "6.2";
  const auto found = differences(environment_of("a"), next);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].name, "kernel.release");
  EXPECT_EQ(found[0].where, "");
  EXPECT_EQ(found[0].base, "6.1");
  EXPECT_EQ(found[0].next, "6.2");
}

TEST(Environment, OneNodeIsNamed) {
  RunEnvironment next = environment_of("b");
  next.nodes[1].attributes["nic.eth0.mtu_bytes"] = "1500";
  const auto found = differences(environment_of("a"), next);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].where, "node2");
  EXPECT_EQ(found[0].base, "(none)");
  EXPECT_EQ(found[0].next, "1500");
}

TEST(Environment, ALaterLaunchsValueIsOneOfTheRuns) {
  RunEnvironment next = environment_of("b");
  next.nodes[0].attributes["launch.2.kernel.release"] = "6.2";
  const auto found = differences(environment_of("a"), next);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].name, "kernel.release");
  EXPECT_EQ(found[0].next, "6.1, 6.2");
}

TEST(Environment, ProgramHostsAndLibrariesComeFirst) {
  RunEnvironment next = environment_of("b");
  next.run.git_revision = "def";
  next.launches[0].hosts = {"node1", "node3"};
  next.launches[0].versions["libfabric"] = "1.18";
  next.nodes[0].attributes["cpu.model"] = "B";
  const auto found = differences(environment_of("a"), next);
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found[0].name, "podbench");
  EXPECT_EQ(found[1].name, "hosts");
  EXPECT_EQ(found[1].base, "rank 1 on node2");
  EXPECT_EQ(found[1].next, "rank 1 on node3");
  EXPECT_EQ(found[2].name, "libfabric");
  EXPECT_EQ(found[3].name, "cpu.model");
}

TEST(Environment, OtherNodesAreHeldAgainstEachOtherTogether) {
  RunEnvironment next = environment_of("b");
  next.nodes[0].node = "other1";
  next.nodes[1].node = "other2";
  EXPECT_TRUE(differences(environment_of("a"), next).empty());
  next.nodes[1].attributes["cpu.model"] = "B";
  const auto found = differences(environment_of("a"), next);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].next, "A, B");
}

}  // namespace
}  // namespace podbench::compare
