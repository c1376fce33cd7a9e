#include "analysis/pod/routes.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "analysis/pod/test/sample_pods.hpp"
#include "analysis/pod/test/simulation.hpp"
#include "base/random.hpp"

namespace podbench {
namespace {

std::map<std::string, double> by_name(const Pod& pod, std::span<const ArcLoad> loads) {
  std::map<std::string, double> shares;
  for (const ArcLoad& load : loads)
    shares[pod.vertices[static_cast<std::size_t>(tail_of(pod, load.arc))].name + ">" +
           pod.vertices[static_cast<std::size_t>(head_of(pod, load.arc))].name] += load.share;
  return shares;
}

using Shares = std::map<std::string, double>;

// Distance in links by a search from one end only.
int distance(const Pod& pod, int from, int to) {
  std::vector<int> far(pod.vertices.size(), -1);
  std::vector<int> queue{from};
  far[static_cast<std::size_t>(from)] = 0;
  for (std::size_t i = 0; i < queue.size(); ++i)
    for (const PodLink& link : pod.links)
      for (const auto& [a, b] : {std::pair(link.a, link.b), std::pair(link.b, link.a)})
        if (a == queue[i] && far[static_cast<std::size_t>(b)] < 0) {
          far[static_cast<std::size_t>(b)] = far[static_cast<std::size_t>(a)] + 1;
          queue.push_back(b);
        }
  return far[static_cast<std::size_t>(to)];
}

TEST(Routes, SharesEvenlyOverTheSpines) {
  const Pod pod = sample::leaf_spine(8, 4, 2);
  EXPECT_EQ(by_name(pod, route(pod, 0, 1)), (Shares{{"n000>leaf0", 1}, {"leaf0>n001", 1}}));
  EXPECT_EQ(by_name(pod, route(pod, 0, 5)), (Shares{{"n000>leaf0", 1},
                                                    {"leaf0>spine0", 0.5},
                                                    {"leaf0>spine1", 0.5},
                                                    {"spine0>leaf1", 0.5},
                                                    {"spine1>leaf1", 0.5},
                                                    {"leaf1>n005", 1}}));
  EXPECT_TRUE(route(pod, 3, 3).empty());
}

TEST(Routes, SharesAtEveryBranchOfThreeTiers) {
  const Pod pod = sample::three_tiers(32, 4, 4, 2, 8);  // 8 leaves, 4 groups, 2 cores a spine
  const auto loads = route(pod, 0, 31);
  std::map<int, int> links_of_tier;
  for (const ArcLoad& load : loads) {
    const int tier = std::max(pod.vertices[static_cast<std::size_t>(tail_of(pod, load.arc))].tier,
                              pod.vertices[static_cast<std::size_t>(head_of(pod, load.arc))].tier);
    ++links_of_tier[tier];
    EXPECT_DOUBLE_EQ(load.share, tier == 1 ? 1 : tier == 2 ? 1.0 / 4 : 1.0 / 8);
  }
  EXPECT_EQ(links_of_tier, (std::map<int, int>{{1, 2}, {2, 8}, {3, 16}}));
}

TEST(Routes, MeshGoesInDimensionOrder) {
  const Pod pod = sample::grid("mesh", {2, 3});  // d0000 d0001 d0002 / d0003 d0004 d0005
  EXPECT_EQ(by_name(pod, route(pod, 0, 5)),
            (Shares{{"d0000>d0003", 1}, {"d0003>d0004", 1}, {"d0004>d0005", 1}}));
  EXPECT_EQ(by_name(pod, route(pod, 5, 0)),
            (Shares{{"d0005>d0002", 1}, {"d0002>d0001", 1}, {"d0001>d0000", 1}}));
  const Pod shortest = sample::grid("mesh", {2, 3}, "routing = \"shortest\"\n");
  EXPECT_EQ(by_name(shortest, route(shortest, 0, 4)),
            (Shares{{"d0000>d0003", 0.5}, {"d0000>d0001", 0.5}, {"d0003>d0004", 0.5}, {"d0001>d0004", 0.5}}));
}

TEST(Routes, TorusTakesTheShorterWayAndBothWhereTheyAreEqual) {
  const Pod ring = sample::grid("torus", {5});
  EXPECT_EQ(by_name(ring, route(ring, 0, 4)), (Shares{{"d0000>d0004", 1}}));
  EXPECT_EQ(by_name(ring, route(ring, 4, 1)), (Shares{{"d0004>d0000", 1}, {"d0000>d0001", 1}}));
  const Pod even = sample::grid("torus", {4});
  EXPECT_EQ(by_name(even, route(even, 1, 3)),
            (Shares{{"d0001>d0002", 0.5}, {"d0002>d0003", 0.5}, {"d0001>d0000", 0.5}, {"d0000>d0003", 0.5}}));
  const Pod two = sample::grid("torus", {2});
  EXPECT_EQ(by_name(two, route(two, 1, 0)), (Shares{{"d0001>d0000", 1}}));
}

TEST(Routes, RailsMeetOnlyAboveTheirLeaves) {
  const Pod pod = sample::rails(6, 4, 6, 2);
  EXPECT_EQ(by_name(pod, route(pod, 0, 3, 2)), (Shares{{"n00:2>rail2-leaf0", 1}, {"rail2-leaf0>n03:2", 1}}));
  Routes routes(pod);
  const auto across = by_name(pod, routes.of({0, 3, 0, 1, 0}));
  EXPECT_EQ(across.size(), 6u);
  EXPECT_EQ(across.at("rail0-leaf0>spine1"), 0.5);
}

// Whatever the shape: what enters a vertex leaves it, one flow leaves the source and reaches the target, and
// the share-weighted length of the path is the distance.
TEST(Routes, FlowIsConservedOnEveryShape) {
  for (const auto& [name, pod] : sample::all_shapes()) {
    Routes routes(pod);
    Random random(7);
    for (int i = 0; i < 300; ++i) {
      const int from = static_cast<int>(random.below(pod.vertices.size()));
      const int to = static_cast<int>(random.below(pod.vertices.size()));
      if (pod.vertices[static_cast<std::size_t>(from)].node < 0 ||
          pod.vertices[static_cast<std::size_t>(to)].node < 0)
        continue;
      std::map<int, double> net;
      double length = 0;
      for (const ArcLoad& load : routes.between(from, to)) {
        EXPECT_GT(load.share, 0) << name;
        net[tail_of(pod, load.arc)] -= load.share;
        net[head_of(pod, load.arc)] += load.share;
        length += load.share;
      }
      for (const auto& [vertex, amount] : net)
        EXPECT_NEAR(amount, from == to ? 0 : vertex == to ? 1 : vertex == from ? -1 : 0, 1e-12) << name;
      EXPECT_NEAR(length, distance(pod, from, to), 1e-12) << name << " " << from << " " << to;
    }
  }
}

TEST(Routes, AnswersAreTheSameWhateverWasAskedBefore) {
  const Pod pod = sample::three_tiers(64, 4, 4, 4, 16);
  Routes used(pod);
  for (int from = 0; from < 64; ++from)
    for (int to = 0; to < 64; ++to) (void)used.of({from, to});
  Routes fresh(pod);
  const auto a = used.of({3, 60}), b = fresh.of({3, 60});
  EXPECT_EQ(by_name(pod, a), by_name(pod, b));
}

// In Clos networks and crossbars the way back is the way there.
TEST(Routes, AreSymmetricBetweenLeavesAndSpines) {
  for (const Pod& pod : {sample::leaf_spine(16, 4, 3), sample::three_tiers(32, 4, 4, 2, 8),
                         sample::crossbar(6, 4, 9), sample::rails(8, 4, 4, 2)}) {
    Routes routes(pod);
    for (int from = 0; from < 4; ++from) {
      const int to = static_cast<int>(pod.nodes.size()) - 1 - from;
      Shares there = by_name(pod, routes.of({from, to})), back;
      for (const auto& [name, share] : by_name(pod, routes.of({to, from}))) {
        const std::size_t arrow = name.find('>');
        back[name.substr(arrow + 1) + ">" + name.substr(0, arrow)] = share;
      }
      EXPECT_EQ(there, back);
    }
  }
}

TEST(FairRates, ShareTheBottleneck) {
  // Two leaves of 4, one spine at 200 Gbit/s: four flows across get 50 each, one within its leaf the whole
  // 100.
  const Pod pod = sample::leaf_spine(8, 4, 1);
  Routes routes(pod);
  const std::vector<Flow> flows{{0, 4}, {1, 5}, {2, 6}, {3, 7}, {4, 5}};
  const auto rates = fair_rates(routes, flows);
  for (int f = 0; f < 4; ++f) EXPECT_DOUBLE_EQ(rates[static_cast<std::size_t>(f)], 50e9);
  // n005 receives two flows: the one from n001 is held at 50 by the spine, the rest of its port is left.
  EXPECT_DOUBLE_EQ(rates[4], 50e9);
  EXPECT_DOUBLE_EQ(alone_rate(routes, flows[0]), 100e9);
  std::vector<double> slower(2 * pod.links.size(), 100e9);
  EXPECT_DOUBLE_EQ(fair_rates(routes, flows, slower)[0], 25e9);
  EXPECT_TRUE(std::isinf(fair_rates(routes, std::vector<Flow>{{1, 1}})[0]));
}

TEST(AssuredRates, AreFairRatesWhereNoHashDecides) {
  Pod pod = sample::leaf_spine(8, 4, 2);
  const std::vector<Flow> flows{{0, 4}, {1, 5}, {2, 6}, {3, 7}, {4, 5}};
  Routes routes(pod);
  const auto fair = fair_rates(routes, flows);
  EXPECT_EQ(assured_rates(routes, flows, fair), fair);
  pod.spreading = Spreading::flows;
  // Four may take the same uplink of 200 Gbit/s; the fifth stays below its leaf.
  const auto assured = assured_rates(routes, flows, fair);
  for (std::size_t f = 0; f < 4; ++f) EXPECT_DOUBLE_EQ(assured[f], 50e9);
  EXPECT_DOUBLE_EQ(assured[4], fair[4]);
  const auto alone = assured_rates(routes, std::vector<Flow>{{0, 4}}, {100e9});
  EXPECT_DOUBLE_EQ(alone[0], 100e9);
}

// Whatever paths are drawn.
TEST(AssuredRates, NoFlowGetsLess) {
  Random random(5);
  for (auto& [name, pod] : sample::all_shapes()) {
    Pod hashed = pod;
    hashed.spreading = Spreading::flows;
    const std::vector<double> declared = sample::rates_with(pod, {});
    Routes routes(hashed);
    for (const std::vector<Flow>& set : sample::acceptance_flows(hashed)) {
      const auto fair = fair_rates(routes, set), assured = assured_rates(routes, set, fair);
      std::vector<std::size_t> paths(set.size());
      for (std::size_t& path : paths) path = random.below(64);
      const auto got = sample::rates_on_one_path(pod, set, paths, declared);
      for (std::size_t f = 0; f < set.size(); ++f)
        if (assured[f] < fair[f]) {
          EXPECT_LE(assured[f], got[f] * (1 + 1e-9)) << name << ", flow " << f;
        }
    }
  }
}

// Max–min: every flow has an arc that is full and on which nobody gets more.
TEST(FairRates, AreMaxMinFairOnEveryShape) {
  for (const auto& [name, pod] : sample::all_shapes()) {
    Routes routes(pod);
    Random random(3);
    std::vector<Flow> flows;
    for (int i = 0; i < 40; ++i) {
      const Flow flow{static_cast<int>(random.below(pod.nodes.size())),
                      static_cast<int>(random.below(pod.nodes.size()))};
      if (flow.from_node != flow.to_node) flows.push_back(flow);
    }
    const auto rates = fair_rates(routes, flows);
    std::vector<double> load(2 * pod.links.size()), highest(2 * pod.links.size());
    for (std::size_t f = 0; f < flows.size(); ++f)
      for (const ArcLoad& on : routes.of(flows[f])) {
        load[index_of(on.arc)] += rates[f] * on.share;
        highest[index_of(on.arc)] = std::max(highest[index_of(on.arc)], rates[f]);
      }
    for (std::size_t a = 0; a < load.size(); ++a)
      EXPECT_LE(load[a], rate_of(pod, arc_of(a)) * (1 + 1e-9)) << name;
    for (std::size_t f = 0; f < flows.size(); ++f) {
      bool held = false;
      for (const ArcLoad& on : routes.of(flows[f]))
        held |= load[index_of(on.arc)] >= rate_of(pod, on.arc) * (1 - 1e-9) &&
                rates[f] >= highest[index_of(on.arc)] * (1 - 1e-9);
      EXPECT_TRUE(held) << name << " flow " << f;
    }
  }
}

TEST(LeastSeconds, IsTheMostLoadedArc) {
  const Pod pod = sample::leaf_spine(8, 4, 2);
  // 1.25 GB at 100 Gbit/s: 0.1 s. Four such flows across two spines at 200: 0.05 s on each, the ports decide.
  EXPECT_DOUBLE_EQ(least_seconds(pod, std::vector<Flow>{{0, 4, 0, 0, 1.25e9}}), 0.1);
  EXPECT_DOUBLE_EQ(least_seconds(pod, std::vector<Flow>{{0, 4, 0, 0, 1.25e9},
                                                        {1, 5, 0, 0, 1.25e9},
                                                        {2, 6, 0, 0, 1.25e9},
                                                        {3, 7, 0, 0, 1.25e9}}),
                   0.1);
  EXPECT_DOUBLE_EQ(least_seconds(pod, std::vector<Flow>{{0, 4, 0, 0, 1.25e9}, {1, 4, 0, 0, 1.25e9}}), 0.2);
  EXPECT_EQ(least_seconds(pod, {}), 0);
  // 8 nodes at 200 Gbit/s over 2 × 400 Gbit/s: 2:1 oversubscribed, so twice the time of a port.
  const Pod over = sample::leaf_spine(16, 8, 2, "200 Gbit/s", "400 Gbit/s");
  std::vector<Flow> all;
  for (int node = 0; node < 8; ++node) all.push_back({node, node + 8, 0, 0, 2.5e9});
  EXPECT_DOUBLE_EQ(least_seconds(over, all), 0.2);
}

}  // namespace
}  // namespace podbench
