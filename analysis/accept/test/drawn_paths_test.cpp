#include "analysis/accept/drawn_paths.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "analysis/pod/test/sample_pods.hpp"

namespace podbench::accept {
namespace {

// Four nodes a leaf, four uplinks for one node each; flows from leaf0 to leaf1.
class DrawnPaths : public testing::Test {
 protected:
  static Pod pod_of_hashes() {
    Pod pod = podbench::sample::leaf_spine(8, 4, 4, "100 Gbit/s", "100 Gbit/s");
    pod.spreading = Spreading::flows;
    return pod;
  }

  // The flow of a node of leaf0 in so many launches, the first of them slow.
  SlowLaunches launches(int node, std::size_t slow, std::size_t all) {
    SlowLaunches one{{node, node + 4}, std::vector<bool>(all)};
    std::fill_n(one.slow.begin(), slow, true);
    return one;
  }

  Check upwards(const std::vector<SlowLaunches>& apart, const std::vector<SlowLaunches>& usual = {}) {
    for (Check& check : check_drawn_paths(pod_, apart, usual))
      if (check.subject == "uplinks of leaf0, upwards") return check;
    ADD_FAILURE() << "no check of leaf0's uplinks";
    return {};
  }

  const Pod pod_ = pod_of_hashes();
};

TEST_F(DrawnPaths, ASlowLinkAmongFourIsAQuarterOfAllLaunches) {
  std::vector<SlowLaunches> healthy, one_slow;
  for (int node = 0; node < 4; ++node) {
    healthy.push_back(launches(node, 0, 20));
    one_slow.push_back(launches(node, 5, 20));
  }
  EXPECT_EQ(check_drawn_paths(pod_, healthy, {}).size(), 2u);  // down to leaf1 too
  const Check pass = upwards(healthy), fail = upwards(one_slow);
  EXPECT_EQ(pass.outcome, Outcome::pass);
  EXPECT_EQ(pass.measured, 0);
  EXPECT_DOUBLE_EQ(pass.limit, 1.0 / 16);
  EXPECT_EQ(fail.outcome, Outcome::fail) << fail.evidence;
  EXPECT_DOUBLE_EQ(fail.measured, 0.25);
  EXPECT_GT(fail.bound, fail.limit);
}

TEST_F(DrawnPaths, TooFewLaunchesDecideNothing) {
  EXPECT_EQ(upwards({launches(0, 0, 9), launches(1, 0, 9)}).outcome, Outcome::inconclusive);
  EXPECT_EQ(upwards({launches(0, 4, 9), launches(1, 4, 9)}).outcome, Outcome::inconclusive);
  EXPECT_EQ(upwards({launches(0, 5, 10), launches(1, 5, 10)}).outcome, Outcome::fail);
}

TEST_F(DrawnPaths, OneFlowAloneIsItsPortsMatter) {
  std::vector<SlowLaunches> apart;
  for (int node = 0; node < 4; ++node) apart.push_back(launches(node, node == 2 ? 30 : 0, 40));
  EXPECT_EQ(upwards(apart).outcome, Outcome::inconclusive);
  apart[2] = launches(2, 40, 40);  // always: a median shows it
  EXPECT_EQ(upwards(apart).outcome, Outcome::pass);
}

TEST_F(DrawnPaths, WhatFlowsWithoutAChoiceDoIsNobodysFault) {
  std::vector<SlowLaunches> apart, usual;
  for (int node = 0; node < 4; ++node) {
    apart.push_back(launches(node, 5, 20));
    usual.push_back(launches(node, 5, 20));
  }
  const Check check = upwards(apart, usual);
  EXPECT_NE(check.outcome, Outcome::fail) << check.evidence;
  EXPECT_DOUBLE_EQ(check.limit, 0.25 + 1.0 / 16);
}

TEST_F(DrawnPaths, LaunchesOfSetsApartBecomeSets) {
  FlowSeries flow;
  flow.flow = {0, 4};
  flow.bits_per_second = {10, 20, 30};
  flow.seconds = {3, 2, 1};
  const std::vector<FlowSetSeries> sets{{"set0", false, false, {flow}}, {"apart0", false, true, {flow}}};
  const std::vector<FlowSetSeries> launches = apart_by_launch(sets);
  ASSERT_EQ(launches.size(), 3u);
  for (std::size_t launch = 0; launch < 3; ++launch) {
    EXPECT_TRUE(launches[launch].apart);
    EXPECT_EQ(launches[launch].flows.front().bits_per_second,
              std::vector<double>{10.0 * static_cast<double>(launch + 1)});
    EXPECT_EQ(launches[launch].flows.front().seconds, std::vector<double>{3.0 - static_cast<double>(launch)});
  }
}

}  // namespace
}  // namespace podbench::accept
