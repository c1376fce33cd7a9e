#include "analysis/pod/apart_sets.hpp"

#include <gtest/gtest.h>

#include <set>

#include "analysis/pod/link_groups.hpp"
#include "analysis/pod/test/sample_pods.hpp"
#include "analysis/pod/test/simulation.hpp"
#include "base/random.hpp"

namespace podbench {
namespace {

std::vector<std::vector<Flow>> apart_of(const Pod& pod) {
  return plan_apart(pod, plan_links(pod).groups);
}

// Shapes in which flows can meet; none of them has uplinks that hold all of their ports.
std::vector<std::pair<std::string, Pod>> hashed_shapes() {
  std::vector<std::pair<std::string, Pod>> all = {
      {"uplinks for one port", sample::leaf_spine(16, 4, 4, "100 Gbit/s", "100 Gbit/s")},
      {"uplinks for two", sample::leaf_spine(16, 4, 2)},
      {"uplinks for half a port", sample::leaf_spine(8, 2, 4, "100 Gbit/s", "50 Gbit/s")},
      {"oversubscribed", sample::leaf_spine(16, 8, 2, "200 Gbit/s", "400 Gbit/s")},
      {"uneven leaves", sample::leaf_spine(13, 5, 2)},
      {"three tiers", sample::three_tiers(32, 4, 4, 2, 8)},
      {"rails", sample::rails(8, 4, 4, 2)},
      {"mesh, shortest", sample::grid("mesh", {4, 3}, "routing = \"shortest\"\n")}};
  for (auto& [name, pod] : all) pod.spreading = Spreading::flows;
  return all;
}

TEST(ApartSets, EachFlowHasTheRateOfOnePathWhateverPathsAreDrawn) {
  Random random(3);
  for (const auto& [name, pod] : hashed_shapes()) {
    const std::vector<double> declared = sample::rates_with(pod, {});
    for (const std::vector<Flow>& set : apart_of(pod))
      for (int draw = 0; draw < 20; ++draw) {
        std::vector<std::size_t> paths(set.size());
        for (std::size_t& path : paths) path = random.below(64);
        const std::vector<double> together = sample::rates_on_one_path(pod, set, paths, declared);
        for (std::size_t f = 0; f < set.size(); ++f)
          EXPECT_DOUBLE_EQ(together[f],
                           sample::rates_on_one_path(pod, {set[f]}, {paths[f]}, declared).front())
              << name << ", flow " << f;
      }
  }
}

TEST(ApartSets, EveryPortSendsAndReceivesOverSeveralPaths) {
  for (const auto& [name, pod] : hashed_shapes()) {
    Routes routes(pod);
    std::set<int> senders, receivers;
    for (const std::vector<Flow>& set : apart_of(pod)) {
      std::set<int> sending, receiving;
      for (const Flow& flow : set) {
        EXPECT_FALSE(has_one_path(routes.of(flow))) << name;
        EXPECT_NE(flow.from_node, flow.to_node) << name;
        EXPECT_TRUE(sending.insert(port_of(pod, flow.from_node, flow.from_rail)).second) << name;
        EXPECT_TRUE(receiving.insert(port_of(pod, flow.to_node, flow.to_rail)).second) << name;
      }
      senders.merge(sending);
      receivers.merge(receiving);
    }
    std::size_t ports = 0;
    for (const PodNode& node : pod.nodes) ports += node.ports.size();
    EXPECT_EQ(senders.size(), ports) << name;
    EXPECT_EQ(receivers.size(), ports) << name;
  }
}

TEST(ApartSets, AsManyAsMayMeetOnALinkOrFewMore) {
  Pod one = sample::leaf_spine(16, 4, 4, "100 Gbit/s", "100 Gbit/s"), two = sample::leaf_spine(16, 4, 2);
  one.spreading = two.spreading = Spreading::flows;
  EXPECT_GE(apart_of(one).size(), 3 * 4u);
  EXPECT_LE(apart_of(one).size(), 3 * 4u + 3);
  EXPECT_GE(apart_of(two).size(), 3 * 2u);
  EXPECT_LE(apart_of(two).size(), 3 * 2u + 3);
  Pod large = sample::leaf_spine(512, 16, 16, "100 Gbit/s", "100 Gbit/s");
  large.spreading = Spreading::flows;
  EXPECT_LE(apart_of(large).size(), 3 * 16u + 3);
}

TEST(ApartSets, MeetEveryUplinkWhereTheReceiverDecidesOnTheSpine) {
  Pod pod = sample::leaf_spine(16, 4, 4, "100 Gbit/s", "100 Gbit/s");
  pod.spreading = Spreading::flows;
  Routes routes(pod);
  std::set<std::size_t> met;
  for (const std::vector<Flow>& set : apart_of(pod))
    for (const Flow& flow : set)
      for (const Arc arc : sample::arcs_met(routes, flow)) met.insert(index_of(arc));
  EXPECT_EQ(met.size(), 2 * pod.links.size());
}

TEST(ApartSets, NoneWhereAHashChangesNothing) {
  EXPECT_TRUE(apart_of(sample::leaf_spine(16, 4, 4, "100 Gbit/s", "100 Gbit/s")).empty());
  Pod ample = sample::leaf_spine(16, 4, 2, "100 Gbit/s", "400 Gbit/s");
  ample.spreading = Spreading::flows;
  EXPECT_TRUE(apart_of(ample).empty());
  EXPECT_TRUE(plan_apart(ample, {}).empty());
}

}  // namespace
}  // namespace podbench
