#include "analysis/pod/link_groups.hpp"

#include <gtest/gtest.h>

#include <set>

#include "analysis/pod/test/sample_pods.hpp"

namespace podbench {
namespace {

std::size_t link_between(const Pod& pod, const std::string& name) {
  for (std::size_t link = 0; link < pod.links.size(); ++link)
    if (name_of_link(pod, static_cast<int>(link)) == name) return link;
  ADD_FAILURE() << "no link " << name;
  return 0;
}

TEST(PlannedLoads, FollowFromTheRates) {
  const auto planned = [](const Pod& pod, const std::string& link) {
    return planned_loads(pod)[2 * link_between(pod, link)] / 1e9;
  };
  const Pod ample = sample::leaf_spine(16, 4, 2);  // 4 × 100 over 2 spines: all of 200
  EXPECT_DOUBLE_EQ(planned(ample, "leaf0-spine1"), 200);
  EXPECT_DOUBLE_EQ(planned(ample, "n000-leaf0"), 100);
  const Pod over = sample::leaf_spine(16, 8, 2, "200 Gbit/s", "400 Gbit/s");
  EXPECT_DOUBLE_EQ(planned(over, "leaf0-spine1"), 400);
  const Pod under = sample::leaf_spine(16, 4, 2, "100 Gbit/s", "800 Gbit/s");
  EXPECT_DOUBLE_EQ(planned(under, "leaf0-spine1"), 200);
  // 13 nodes on leaves of 5, 5, 3: the last leaf sends 150 up each spine and takes in no more.
  const Pod uneven = sample::leaf_spine(13, 5, 2);
  EXPECT_DOUBLE_EQ(planned(uneven, "leaf2-spine0"), 150);
  EXPECT_DOUBLE_EQ(planned(uneven, "leaf0-spine0"), 200);
  EXPECT_DOUBLE_EQ(planned(sample::explicit_links(), "C-1042"), 25);
  EXPECT_DOUBLE_EQ(planned(sample::grid("mesh", {5, 5}), "d0000-d0001"), 8000);
}

TEST(PlannedLoads, WhatNobodyCanUseIsNotPlanned) {
  const Pod pod = sample::three_tiers(8, 4, 4, 2, 8);  // one group: its cores lead nowhere
  EXPECT_EQ(planned_loads(pod)[2 * link_between(pod, "spine0-core0")], 0);
  const LinkPlan plan = plan_links(pod);
  for (std::size_t a = 0; a < 2 * pod.links.size(); ++a)
    EXPECT_EQ(exercised(plan, arc_of(a)), plan.planned_bits_per_second[a] > 0);
}

TEST(LinkGroups, EveryDirectionOfEveryShapeCarriesItsPlan) {
  for (const auto& [name, pod] : sample::all_shapes()) {
    const LinkPlan plan = plan_links(pod);
    // What is reached, counted again from the groups alone.
    Routes routes(pod);
    std::vector<double> reached(2 * pod.links.size());
    for (const auto& group : plan.groups) {
      const auto rates = fair_rates(routes, group);
      std::vector<double> load(2 * pod.links.size());
      for (std::size_t f = 0; f < group.size(); ++f)
        for (const ArcLoad& on : routes.of(group[f])) load[index_of(on.arc)] += rates[f] * on.share;
      for (std::size_t a = 0; a < load.size(); ++a) reached[a] = std::max(reached[a], load[a]);
    }
    for (std::size_t a = 0; a < reached.size(); ++a) {
      EXPECT_GE(reached[a], plan.planned_bits_per_second[a] * (1 - 1e-9))
          << name << ": " << name_of_link(pod, arc_of(a).link) << (arc_of(a).backwards ? " back" : "");
      EXPECT_GT(plan.planned_bits_per_second[a], 0) << name;
      EXPECT_LE(plan.planned_bits_per_second[a], rate_of(pod, arc_of(a))) << name;
    }
  }
}

TEST(LinkGroups, APortSendsToOneAndReceivesFromOne) {
  for (const auto& [name, pod] : sample::all_shapes())
    for (const auto& group : plan_links(pod).groups) {
      std::set<int> senders, receivers;
      for (const Flow& flow : group) {
        EXPECT_NE(flow.from_node, flow.to_node) << name;
        EXPECT_TRUE(senders.insert(port_of(pod, flow.from_node, flow.from_rail)).second) << name;
        EXPECT_TRUE(receivers.insert(port_of(pod, flow.to_node, flow.to_rail)).second) << name;
      }
    }
}

TEST(LinkGroups, FewRoundsWhereOneWouldDo) {
  // Every node sends one leaf further: uplinks, downlinks and ports are full at once.
  EXPECT_EQ(plan_links(sample::leaf_spine(16, 4, 2)).groups.size(), 1u);
  EXPECT_EQ(plan_links(sample::leaf_spine(12, 4, 2)).groups.size(), 1u);
  EXPECT_EQ(plan_links(sample::crossbar(6, 1, 4)).groups.size(), 1u);
  // A direction of a dimension a round.
  EXPECT_EQ(plan_links(sample::grid("torus", {4, 4})).groups.size(), 4u);
  EXPECT_EQ(plan_links(sample::grid("torus", {4, 4, 4})).groups.size(), 6u);
}

}  // namespace
}  // namespace podbench
