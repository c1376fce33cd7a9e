#include "analysis/pod/discover.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "analysis/pod/host_list.hpp"
#include "analysis/pod/host_ranges.hpp"
#include "analysis/pod/pod.hpp"
#include "base/error.hpp"
#include "base/random.hpp"

namespace podbench {
namespace {

NodeRecord node_with(const std::string& name, std::map<std::string, std::string> attributes) {
  return {name, std::move(attributes), {}};
}

std::map<std::string, std::string> nic(const std::string& name, const std::string& mbps,
                                       const std::string& state = "up",
                                       const std::string& pci = "0000:01:00.0") {
  std::map<std::string, std::string> attributes = {{"nic." + name + ".state", state},
                                                   {"nic." + name + ".rate_mbps", mbps},
                                                   {"nic." + name + ".mtu_bytes", "9000"}};
  if (!pci.empty()) attributes["nic." + name + ".pci"] = pci;
  return attributes;
}

void add(std::map<std::string, std::string>& to, const std::map<std::string, std::string>& more) {
  to.insert(more.begin(), more.end());
}

Pod pod_of(const std::vector<NodeRecord>& nodes) {
  const std::string text = discovered_pod(nodes, "found");
  try {
    return parse_pod(text, "found.toml");
  } catch (const RequestError& error) {
    ADD_FAILURE() << error.what() << "\n" << text;
    return {};
  }
}

TEST(HostRanges, AreWhatExpandsToTheSameNames) {
  EXPECT_EQ(host_ranges({"n10", "n9", "n8", "n8"}), "n[8-10]");
  EXPECT_EQ(host_ranges({"n10", "n09", "n08"}), "n[08-10]");
  EXPECT_EQ(host_ranges({"n1", "n3", "login"}), "login,n1,n3");
  EXPECT_EQ(host_ranges({"r1n1.x", "r1n2.x", "r2n1.x"}), "r1n[1-2].x,r2n1.x");
  EXPECT_EQ(host_ranges({"n1", "n01", "n2", "n02"}), "n1,n01,n2,n02");
  Random random(7);
  for (int round = 0; round < 300; ++round) {
    std::vector<std::string> names;
    for (int i = 0; i < 12; ++i) {
      const auto number = random.below(15);
      names.push_back(random.below(2) == 0 ? fmt::format("a{}", number) : fmt::format("a{:02}b", number));
    }
    const std::string text = host_ranges(names);
    std::vector<std::string> expanded = expand_host_list(text, 100);
    std::sort(expanded.begin(), expanded.end());
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    EXPECT_EQ(expanded, names) << text;
  }
}

TEST(Discover, TakesTheFastPortsThatMostNodesHave) {
  std::vector<NodeRecord> nodes;
  for (int i = 0; i < 8; ++i) {
    auto attributes = nic("mgmt", "1000");
    for (int port = 0; port < 4; ++port) add(attributes, nic(fmt::format("fab{}", port), "200000"));
    if (i == 5) attributes["nic.fab2.state"] = "down";
    nodes.push_back(node_with(fmt::format("n{:02}", i), attributes));
  }
  add(nodes[0].attributes, nic("uplink", "400000"));
  const Pod pod = pod_of(nodes);
  ASSERT_EQ(pod.nodes.size(), 8U);
  EXPECT_EQ(pod.name, "found");
  for (const PodNode& node : pod.nodes)
    EXPECT_EQ(node.ports.size(), node.name == "n05" ? 3U : 4U) << node.name;
  for (const PodLink& link : pod.links) EXPECT_EQ(link.rate_bits_per_second, 200e9);
  const std::string text = discovered_pod(nodes, "found");
  EXPECT_NE(text.find("names = \"n[00-04],n[06-07]\""), std::string::npos) << text;
  EXPECT_NE(text.find("n05: fab2, 200 Gbit/s, down"), std::string::npos) << text;
  EXPECT_NE(text.find("n00: uplink, 400 Gbit/s"), std::string::npos) << text;
  EXPECT_NE(text.find("fewer ports than the 4"), std::string::npos) << text;
}

TEST(Discover, AnRdmaPortAndItsInterfaceAreOne) {
  auto attributes = nic("ib0", "400000");
  add(attributes, {{"rdma.mlx5_0.port1.state", "4: ACTIVE"},
                   {"rdma.mlx5_0.port1.rate", "400 Gb/sec (4X NDR)"},
                   {"rdma.mlx5_0.port1.netdev", "ib0"},
                   {"rdma.mlx5_1.port1.state", "1: DOWN"},
                   {"rdma.mlx5_1.port1.rate", "10 Gb/sec (4X SDR)"}});
  const Pod pod = pod_of({node_with("a", attributes), node_with("b", attributes)});
  ASSERT_EQ(pod.nodes.size(), 2U);
  EXPECT_EQ(pod.nodes[0].ports.size(), 1U);
  EXPECT_EQ(pod.links.at(0).rate_bits_per_second, 400e9);
}

TEST(Discover, RacksComeFromNames) {
  std::vector<NodeRecord> nodes;
  for (const char* name : {"r1-n2", "r1-n10", "r1-n1", "r2-n1", "r10-n1"})
    nodes.push_back(node_with(name, nic("eth0", "25000")));
  const Pod pod = pod_of(nodes);
  ASSERT_EQ(pod.racks.size(), 3U);
  EXPECT_EQ(pod.racks[0].name, "r1");
  EXPECT_EQ(pod.racks[2].name, "r10");
  for (const PodNode& node : pod.nodes)
    EXPECT_TRUE(node.name.starts_with(pod.racks.at(static_cast<std::size_t>(node.rack)).name + "-"))
        << node.name;
}

TEST(Discover, VirtualPortsCountWhereThereIsNothingElse) {
  const std::vector<NodeRecord> nodes = {node_with("n1", nic("eth0", "10000", "up", "")),
                                         node_with("n2", nic("eth0", "10000", "up", ""))};
  EXPECT_EQ(pod_of(nodes).links.at(0).rate_bits_per_second, 10e9);
  EXPECT_NE(discovered_pod(nodes, "x").find("ports are virtual"), std::string::npos);
}

TEST(Discover, WithoutRatesItStillIsAPodFile) {
  const std::vector<NodeRecord> nodes = {node_with("n1", {}), node_with("n2", {{"nic..state", "up"}})};
  EXPECT_EQ(pod_of(nodes).nodes.size(), 2U);
  EXPECT_NE(discovered_pod(nodes, "x").find("NOT KNOWN"), std::string::npos);
}

TEST(Discover, WhateverTheRecordsHoldTheTextParses) {
  const std::string evil = "x\n[limits]\nshare_of_rate = 0.01\n\x7f\xff\"]]#";
  auto attributes = nic(evil, "25000");
  attributes["nic." + evil + ".driver"] = evil;
  attributes["nic." + evil + ".mtu_bytes"] = std::string(100'000, '\n');
  attributes["rdma." + evil + ".port1.state"] = "ACTIVE";
  attributes["rdma." + evil + ".port1.rate"] = "nan";
  const std::vector<NodeRecord> nodes = {node_with("n1", attributes), node_with("n2", nic("e", "1e400")),
                                         node_with(evil, {}),         node_with("", {}),
                                         node_with("n1", {}),         node_with("n99999999999999999999", {})};
  const Pod pod = parse_pod(discovered_pod(nodes, evil), "found.toml");
  EXPECT_EQ(pod.nodes.size(), 3U);
  EXPECT_EQ(pod.name, "pod");
  EXPECT_EQ(pod.limits.share_of_rate, 0.90);
}

TEST(Discover, WithoutNodesItSaysSo) {
  EXPECT_THROW((void)discovered_pod({}, "x"), RequestError);
  EXPECT_THROW((void)discovered_pod({node_with("a b", {})}, "x"), RequestError);
}

}  // namespace
}  // namespace podbench
