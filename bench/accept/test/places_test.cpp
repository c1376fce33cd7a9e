#include "bench/accept/places.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "bench/accept/test/sample_pod.hpp"

namespace podbench::accept {
namespace {

using Hosts = std::vector<std::string>;

TEST(Places, ThePodsOrderIsWhatADirectorAsksFor) {
  EXPECT_EQ(Places::wanted_hosts(leaf_spine(3, 2)), (Hosts{"n1", "n2", "n3"}));
  EXPECT_EQ(Places::wanted_hosts(two_rails()), (Hosts{"a", "a", "b", "b"}));
}

TEST(Places, RanksMayComeInAnyOrder) {
  const Pod pod = two_rails();
  const Places places(pod, Hosts{"b", "a", "b", "a"});
  EXPECT_EQ(places.rank_of(0, 0), 1);
  EXPECT_EQ(places.rank_of(0, 1), 3);
  EXPECT_EQ(places.rank_of(1, 0), 0);
  EXPECT_EQ(places.rank_of(1, 3), 2);  // rails are taken modulo what a node has
  EXPECT_EQ(places.sender({0, 1, 1, 0, 0}), 3);
  EXPECT_EQ(places.receiver({0, 1, 1, 0, 0}), 0);
  EXPECT_EQ(places.ranks_of(std::vector{1}), (std::vector{0, 2}));
}

std::string refusal_of(const Pod& pod, const Hosts& hosts) {
  try {
    const Places places(pod, hosts);
  } catch (const RequestError& error) {
    return error.what();
  }
  return "";
}

TEST(Places, WhatIsNotThePodIsRefusedByName) {
  const Pod pod = leaf_spine(3, 2);
  EXPECT_NE(refusal_of(pod, {"n1", "n9", "n3"}).find("rank 1 is on n9, which is no node of pod.toml"),
            std::string::npos);
  EXPECT_NE(refusal_of(pod, {"n1", "n2"}).find("n3 has 0 ranks, but one port"), std::string::npos);
  EXPECT_NE(refusal_of(two_rails(), {"a", "a", "b"}).find("b has 1 ranks, but 2 ports"), std::string::npos);
}

}  // namespace
}  // namespace podbench::accept
