#include "analysis/pod/blame.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/pod/test/sample_pods.hpp"
#include "analysis/pod/test/simulation.hpp"
#include "analysis/pod/tournament.hpp"

namespace podbench {
namespace {

using sample::Fault;

std::vector<std::string> names(const Pod& pod, const Blame& blame) {
  std::vector<std::string> names;
  for (const Candidate& candidate : blame.suspects) names.push_back(name_of(pod, candidate.suspect));
  return names;
}

int vertex(const Pod& pod, const std::string& name) {
  for (std::size_t v = 0; v < pod.vertices.size(); ++v)
    if (pod.vertices[v].name == name) return static_cast<int>(v);
  ADD_FAILURE() << "no vertex " << name;
  return 0;
}

BlameReport with(const Pod& pod, const std::vector<Fault>& faults, std::uint64_t seed = 1) {
  Random random(seed);
  return find_blame(pod, sample::measure(pod, sample::acceptance_flows(pod), faults, {}, random),
                    BlamedQuantity::rate);
}

TEST(Blame, AHealthyPodHasNobodyToBlame) {
  const Pod pod = sample::leaf_spine(12, 4, 2);
  const BlameReport report = with(pod, {});
  EXPECT_TRUE(report.blames.empty());
  EXPECT_NEAR(report.baseline, 0.05, 0.005);
  EXPECT_NEAR(report.noise, 1, 0.2);
  for (std::size_t a = 0; a < 2 * pod.links.size(); ++a) {
    EXPECT_GT(report.arc_measurements[a], 0u);
    EXPECT_GE(report.arc_smallest_effect[a], 1.03);
    EXPECT_LT(report.arc_smallest_effect[a], 1.2);
  }
}

TEST(Blame, NamesNodeNicAndCableTogetherWhereNodesHaveOneCable) {
  const Pod pod = sample::leaf_spine(12, 4, 2);
  const BlameReport report = with(pod, {{{SuspectKind::node, Way::both, 5}, 0.7}});
  ASSERT_EQ(report.blames.size(), 1u);
  EXPECT_EQ(names(pod, report.blames[0]),
            (std::vector<std::string>{"node n005", "NIC n005", "cable n005-leaf1"}));
  EXPECT_GT(report.blames[0].confidence, 0.99);
  EXPECT_NEAR(report.blames[0].suspects[0].effect, 1 / 0.7, 0.02);
  EXPECT_LE(report.blames[0].effect_lo, 1 / 0.7 * 1.005);
  EXPECT_GE(report.blames[0].effect_hi, 1 / 0.7 * 0.995);
  EXPECT_FALSE(report.blames[0].next.has_value());  // no flow meets one without the others
}

TEST(Blame, TellsTheDirections) {
  const Pod pod = sample::leaf_spine(12, 4, 2);
  const auto first = [&](const Suspect& planted) {
    const BlameReport report = with(pod, {{planted, 0.6}});
    return report.blames.size() == 1 ? names(pod, report.blames[0]) : std::vector<std::string>{};
  };
  EXPECT_EQ(first({SuspectKind::port, Way::out, 3}),
            (std::vector<std::string>{"node n003, sending", "NIC n003, sending",
                                      "cable n003-leaf0, from n003 to leaf0"}));
  EXPECT_EQ(first({SuspectKind::port, Way::in, 3}),
            (std::vector<std::string>{"node n003, receiving", "NIC n003, receiving",
                                      "cable n003-leaf0, from leaf0 to n003"}));
}

TEST(Blame, TellsLeafUplinksAndSpineApart) {
  const Pod pod = sample::leaf_spine(16, 4, 3, "100 Gbit/s", "200 Gbit/s");
  const auto first = [&](const Suspect& planted) {
    const BlameReport report = with(pod, {{planted, 0.6}});
    return report.blames.size() == 1 ? names(pod, report.blames[0]).front() : "";
  };
  EXPECT_EQ(first({SuspectKind::network_switch, Way::both, vertex(pod, "leaf2")}), "leaf2");
  EXPECT_EQ(first({SuspectKind::uplinks, Way::both, vertex(pod, "leaf2")}), "uplinks of leaf2");
}

TEST(Blame, AMultiRailNodeIsNotItsNic) {
  const Pod pod = sample::rails(8, 4, 8, 1);
  const BlameReport node = with(pod, {{{SuspectKind::node, Way::both, 2}, 0.7}});
  ASSERT_EQ(node.blames.size(), 1u);
  EXPECT_EQ(names(pod, node.blames[0]), (std::vector<std::string>{"node n02"}));
  const BlameReport nic = with(pod, {{{SuspectKind::port, Way::both, pod.nodes[2].ports[3]}, 0.7}});
  ASSERT_EQ(nic.blames.size(), 1u);
  EXPECT_EQ(names(pod, nic.blames[0]), (std::vector<std::string>{"NIC n02:3", "cable n02:3-rail3-leaf0"}));
}

TEST(Blame, FindsDieEdgeAndTileInAMesh) {
  const Pod pod = sample::grid("mesh", {6, 6}, "tile = [3, 3]\n");
  const BlameReport tile = with(pod, {{{SuspectKind::tile, Way::both, pod.nodes[9].ports[0]}, 0.6}});
  ASSERT_EQ(tile.blames.size(), 1u);
  EXPECT_EQ(names(pod, tile.blames[0]), (std::vector<std::string>{"the tile of d0009"}));
  const BlameReport edge = with(pod, {{{SuspectKind::cable, Way::out, 7}, 0.6}});
  ASSERT_EQ(edge.blames.size(), 1u);
  EXPECT_EQ(edge.blames[0].suspects[0].suspect, (Suspect{SuspectKind::cable, Way::out, 7}));
}

TEST(Blame, FindsTwoFaultsAtOnce) {
  const Pod pod = sample::leaf_spine(16, 4, 2);
  const BlameReport report =
      with(pod, {{{SuspectKind::node, Way::both, 2}, 0.6}, {{SuspectKind::port, Way::out, 9}, 0.8}});
  ASSERT_EQ(report.blames.size(), 2u);
  EXPECT_EQ(names(pod, report.blames[0]).front(), "node n002");
  EXPECT_EQ(names(pod, report.blames[1]).front(), "node n009, sending");
}

TEST(Blame, ADeadNodeIsNamed) {
  const Pod pod = sample::leaf_spine(8, 4, 2);
  std::vector<FlowSet> sets;
  const Tournament tournament(8);
  for (int round = 0; round < tournament.rounds(); ++round)
    for (const auto& [a, b] : tournament.pairs(round))
      for (const auto& [from, to] : {std::pair(a, b), std::pair(b, a)})
        sets.push_back({{{{from, to, 0, 0, 0}, 100e9, from == 6 || to == 6 ? 0 : 95e9, 0.01}}});
  const BlameReport report = find_blame(pod, sets, BlamedQuantity::rate);
  ASSERT_EQ(report.blames.size(), 1u);
  EXPECT_EQ(names(pod, report.blames[0]).front(), "node n006");
}

TEST(Blame, OneDisturbedMeasurementBlamesNobody) {
  const Pod pod = sample::leaf_spine(12, 4, 2);
  Random random(5);
  auto sets = sample::measure(pod, sample::acceptance_flows(pod), {}, {}, random);
  sets[3].flows[2].measured *= 0.5;
  EXPECT_TRUE(find_blame(pod, sets, BlamedQuantity::rate).blames.empty());
}

TEST(Blame, AShortfallOfAllIsTheBaselineUpToItsBound) {
  const Pod pod = sample::crossbar(6, 1, 1);
  const auto all_at = [&](double efficiency) {
    Random random(2);
    sample::Noise noise;
    noise.efficiency = efficiency;
    return find_blame(pod, sample::measure(pod, sample::acceptance_flows(pod), {}, noise, random),
                      BlamedQuantity::rate);
  };
  EXPECT_TRUE(all_at(0.93).blames.empty());
  const BlameReport slow = all_at(0.6);
  ASSERT_EQ(slow.blames.size(), 1u);
  EXPECT_EQ(names(pod, slow.blames[0]).front(), "switch0");
}

// Two pairs only, both slow, and n0 in both: the next measurement is with somebody else.
TEST(Blame, AsksForThePartnerThatTellsMost) {
  const Pod pod = sample::leaf_spine(8, 4, 2);
  std::vector<FlowSet> sets;
  for (int node = 2; node < 8; ++node)
    sets.push_back({{{{node, node == 7 ? 2 : node + 1, 0, 0, 0}, 100e9, 95e9, 0.01}}});
  for (int i = 0; i < 6; ++i) sets.push_back({{{{0, 1, 0, 0, 0}, 100e9, 50e9, 0.01}}});
  BlameReport report = find_blame(pod, sets, BlamedQuantity::rate);
  ASSERT_EQ(report.blames.size(), 1u);
  const auto named = names(pod, report.blames[0]);
  EXPECT_NE(std::find(named.begin(), named.end(), "node n000"), named.end());
  EXPECT_NE(std::find(named.begin(), named.end(), "node n001"), named.end());
  ASSERT_TRUE(report.blames[0].next.has_value());
  // Asked again and again, node 1 turns out to receive slowly.
  for (int look = 0; look < 4 && report.blames[0].next; ++look) {
    const Flow next = *report.blames[0].next;
    EXPECT_NE(std::pair(next.from_node, next.to_node), std::pair(0, 1));
    for (int i = 0; i < 3; ++i) sets.push_back({{{next, 100e9, next.to_node == 1 ? 50e9 : 95e9, 0.01}}});
    report = find_blame(pod, sets, BlamedQuantity::rate);
    ASSERT_EQ(report.blames.size(), 1u);
  }
  EXPECT_EQ(names(pod, report.blames[0]).front(), "node n001, receiving");
}

TEST(Blame, LatenciesAddUp) {
  const Pod pod = sample::leaf_spine(12, 4, 2);
  Random random(9);
  std::vector<FlowSet> sets;
  for (int from = 0; from < 12; ++from)
    for (int to = 0; to < 12; ++to) {
      if (from == to) continue;
      const double expected = from / 4 == to / 4 ? 2e-6 : 4e-6;
      const double extra = (from == 7 ? 1e-6 : 0) + (to == 3 ? 2e-6 : 0);
      sets.push_back({{{{from, to, 0, 0, 0},
                        expected,
                        (expected + extra) * (1 + 0.01 * sample::normal(random)),
                        0.01}}});
    }
  const BlameReport report = find_blame(pod, sets, BlamedQuantity::latency);
  ASSERT_EQ(report.blames.size(), 2u);
  EXPECT_EQ(names(pod, report.blames[0]).front(), "node n003, receiving");
  EXPECT_NEAR(report.blames[0].suspects[0].effect, 2e-6, 0.1e-6);
  EXPECT_EQ(names(pod, report.blames[1]).front(), "node n007, sending");
  EXPECT_NEAR(report.blames[1].suspects[0].effect, 1e-6, 0.1e-6);
}

// A slow spine of two meets the flows that were hashed onto it, half of those between leaves.
TEST(Blame, FlowsThatKeepToOnePath) {
  const Pod pod = sample::leaf_spine(12, 3, 2, "100 Gbit/s", "100 Gbit/s", "spreading = \"flows\"");
  Random random(4);
  std::vector<FlowSet> sets;
  for (int repeat = 0; repeat < 2; ++repeat)
    for (int from = 0; from < 12; ++from)
      for (int to = 0; to < 12; ++to) {
        if (from == to) continue;
        const bool slow = from / 3 != to / 3 && random.below(2) == 0;
        sets.push_back({{{{from, to, 0, 0, 0},
                          100e9,
                          (slow ? 40e9 : 95e9) * (1 + 0.01 * sample::normal(random)),
                          0.01}}});
      }
  const BlameReport report = find_blame(pod, sets, BlamedQuantity::rate);
  ASSERT_EQ(report.blames.size(), 1u);
  const auto named = names(pod, report.blames[0]);
  EXPECT_NE(std::find(named.begin(), named.end(), "spine0"), named.end());
  EXPECT_NEAR(report.blames[0].suspects[0].effect, 95.0 / 40, 0.1);
}

TEST(Blame, WhatNobodyMeasuredIsNotCovered) {
  const Pod pod = sample::leaf_spine(8, 4, 2);
  const std::vector<FlowSet> sets{{{{{0, 1, 0, 0, 0}, 100e9, 95e9, 0.01}}}};
  const BlameReport report = find_blame(pod, sets, BlamedQuantity::rate);
  std::size_t covered = 0;
  for (std::size_t a = 0; a < report.arc_measurements.size(); ++a) {
    covered += report.arc_measurements[a] > 0 ? 1u : 0u;
    EXPECT_TRUE(report.arc_measurements[a] > 0 || std::isinf(report.arc_smallest_effect[a]));
  }
  EXPECT_EQ(covered, 2u);
  EXPECT_TRUE(find_blame(pod, {}, BlamedQuantity::rate).blames.empty());
}

// A small campaign of the bench's, so that a change for the worse is seen here.
TEST(Blame, RightInALargeShareOfRandomPods) {
  Random random(21);
  std::size_t right = 0, faults = 0, healthy = 0, passed = 0;
  for (const auto& [name, pod] : sample::all_shapes())
    for (int repeat = 0; repeat < 3; ++repeat) {
      const auto sets = sample::acceptance_flows(pod);
      ++healthy;
      passed +=
          find_blame(pod, sample::measure(pod, sets, {}, {}, random), BlamedQuantity::rate).blames.empty()
              ? 1u
              : 0u;
      const Fault fault{{SuspectKind::port, Way::both, pod.nodes[random.below(pod.nodes.size())].ports[0]},
                        0.6};
      const BlameReport report =
          find_blame(pod, sample::measure(pod, sets, {fault}, {}, random), BlamedQuantity::rate);
      ++faults;
      right += report.blames.size() == 1 &&
                       std::any_of(report.blames[0].suspects.begin(), report.blames[0].suspects.end(),
                                   [&](const Candidate& c) { return c.suspect == fault.suspect; })
                   ? 1u
                   : 0u;
    }
  EXPECT_GE(right, faults - 1);
  EXPECT_EQ(passed, healthy);
}

}  // namespace
}  // namespace podbench
