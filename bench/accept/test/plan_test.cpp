#include "bench/accept/plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <set>

#include "bench/accept/test/sample_pod.hpp"
#include "patterns/alltoallv/count_matrix.hpp"
#include "patterns/pattern.hpp"

namespace podbench::accept {
namespace {

Planner planner_of(const Pod& pod) {
  return {pod, "tcp", "shm", Places(pod, Places::wanted_hosts(pod))};
}

std::int64_t expected_ns(const Planner& planner, Stage stage) {
  std::int64_t total = 0;
  for (const PlannedSection& section : planner.replicate(stage)) total += section.expected_ns;
  return total;
}

std::vector<PlannedCase> cases_of(const Planner& planner, Stage stage) {
  std::vector<PlannedCase> cases;
  for (const PlannedSection& section : planner.replicate(stage))
    cases.insert(cases.end(), section.launch.cases.begin(), section.launch.cases.end());
  return cases;
}

class EveryStage : public testing::TestWithParam<Stage> {};

TEST_P(EveryStage, HasOnlyCasesThatCanRunAndSayWhichStageTheyAreOf) {
  for (const int nodes : {2, 3, 4, 7, 16}) {
    const Pod pod = leaf_spine(nodes, 4);
    std::set<std::string> names;
    for (const PlannedCase& planned : cases_of(planner_of(pod), GetParam())) {
      const Problem problem = problem_of(planned, 0, {});
      const Pattern* pattern = find_pattern(planned.pattern);
      const Algorithm* algorithm = find_algorithm(planned.pattern, planned.algorithm);
      ASSERT_TRUE(pattern != nullptr && algorithm != nullptr) << planned.pattern << "/" << planned.algorithm;
      EXPECT_EQ(refusal(*pattern, *algorithm, problem).value_or(""), "") << podbench::name_of(planned);
      EXPECT_EQ(planned.labels.at("stage"), name_of(GetParam()));
      EXPECT_EQ(planned.bytes % size_of(planned.type), 0u);
      EXPECT_TRUE(names.insert(podbench::name_of(planned)).second) << podbench::name_of(planned);
    }
  }
}

TEST_P(EveryStage, IsLongerWithNodesAndNotWithTheirSquare) {
  const Pod small = leaf_spine(8, 4, "800 Mbit/s"), large = leaf_spine(64, 4, "800 Mbit/s");
  const double ratio =
      static_cast<double>(expected_ns(planner_of(large), GetParam())) /
      static_cast<double>(std::max<std::int64_t>(expected_ns(planner_of(small), GetParam()), 1));
  EXPECT_LT(ratio, 10);  // of eight times the nodes
}

INSTANTIATE_TEST_SUITE_P(all, EveryStage, testing::ValuesIn(all_stages),
                         [](const auto& one) { return std::string(name_of(one.param)); });

TEST(Planner, PairsTakeOneRoundLessThanNodes) {
  for (const int nodes : {2, 4, 8, 16}) {
    const Pod pod = leaf_spine(nodes, 4);
    for (const PlannedCase& planned : cases_of(planner_of(pod), Stage::pairs)) {
      const Pattern& pattern = *find_pattern(planned.pattern);
      EXPECT_EQ(pattern.series->length(problem_of(planned, 0, {})), nodes - 1);
    }
  }
}

// Every link direction but those that no traffic between nodes uses is loaded by some set, and all flows of a
// set end together: their bytes are as their fair rates.
TEST(Planner, StreamsOfASetEndTogether) {
  const Pod pod = leaf_spine(6, 2, "300 Mbit/s");
  const Planner planner = planner_of(pod);
  Routes routes(pod);
  std::vector<bool> used(2 * pod.links.size());
  for (const PlannedCase& planned : cases_of(planner, Stage::links)) {
    const CountMatrix& matrix = *planned.parameters.matrix;
    std::vector<Flow> flows;
    std::vector<double> bits;
    for (int from = 0; from < matrix.ranks; ++from)
      for (int to = 0; to < matrix.ranks; ++to)
        if (matrix.at(from, to) > 0) {
          flows.push_back({from, to, 0, 0, 0});
          bits.push_back(8.0 * planned.parameters.window * static_cast<double>(matrix.at(from, to)));
          for (const ArcLoad& load : routes.of(flows.back())) used[index_of(load.arc)] = true;
        }
    const std::vector<double> rates = fair_rates(routes, flows);
    for (std::size_t i = 0; i < flows.size(); ++i)
      EXPECT_NEAR(bits[i] / rates[i], bits[0] / rates[0], 1e-3 * bits[0] / rates[0]);
  }
  EXPECT_TRUE(std::all_of(used.begin(), used.end(), [](bool one) { return one; }));
}

TEST(Planner, FlowsThatAHashMayLetMeetAreMeasuredApartToo) {
  const auto parts = [](const Pod& pod) {
    std::vector<std::string> names;
    for (const PlannedCase& planned : cases_of(planner_of(pod), Stage::links))
      names.push_back(planned.labels.at("part"));
    return names;
  };
  const std::string shape =
      "[[nodes]]\nnames = \"n[1-8]\"\n[leaf_spine]\nnodes_per_leaf = 4\nspines = 4\n"
      "node_rate = \"100 Gbit/s\"\nspine_rate = \"100 Gbit/s\"\n";
  EXPECT_EQ(parts(parse_pod(shape, "pod.toml")), (std::vector<std::string>{"set0"}));
  const std::vector<std::string> names = parts(parse_pod("spreading = \"flows\"\n" + shape, "pod.toml"));
  ASSERT_EQ(names.size(), 13u);
  EXPECT_EQ(names.front(), "set0");
  EXPECT_EQ(names[1], "apart0");
  EXPECT_EQ(names.back(), "apart11");
}

TEST(Planner, NodesThatShareCoresCopyInTurn) {
  const Pod pod = leaf_spine(4, 2);
  EXPECT_EQ(planner_of(pod).replicate(Stage::node).size(), 1u);
  setenv("PODBENCH_SHARED_CORES", "1", 1);
  const std::vector<PlannedSection> sections = planner_of(pod).replicate(Stage::node);
  unsetenv("PODBENCH_SHARED_CORES");
  ASSERT_EQ(sections.size(), 4u);
  for (int node = 0; node < 4; ++node) {
    const PlannedLaunch& launch = sections[static_cast<std::size_t>(node)].launch;
    EXPECT_EQ(launch.members, std::vector{node});
    ASSERT_EQ(launch.cases.size(), 1u);
    EXPECT_EQ(launch.cases.front().ranks, 1);
    EXPECT_EQ(launch.cases.front().labels.at("part"), pod.nodes[static_cast<std::size_t>(node)].name);
  }
}

TEST(Planner, RanksOfANodeSendToEachOtherInItsMemory) {
  const Pod pod = two_rails();
  const std::vector<PlannedSection> sections = planner_of(pod).replicate(Stage::node);
  ASSERT_EQ(sections.size(), 2u);
  EXPECT_EQ(sections[0].launch.within_nodes, "");
  const PlannedLaunch& launch = sections[1].launch;
  EXPECT_EQ(launch.transport, "tcp");
  EXPECT_EQ(launch.within_nodes, "shm");
  ASSERT_EQ(launch.cases.size(), 1u);
  const PlannedCase& planned = launch.cases.front();
  EXPECT_EQ(planned.transport, "shm");
  const auto bytes = planned.bytes;
  EXPECT_EQ(planned.parameters.matrix->counts,
            (std::vector<std::uint64_t>{0, bytes, 0, 0, bytes, 0, 0, 0, 0, 0, 0, bytes, 0, 0, bytes, 0}));
  EXPECT_EQ(planner_of(leaf_spine(4, 2)).replicate(Stage::node).size(), 1u)
      << "a rank a node shares with none";
}

TEST(Planner, RacksTheirFirstHalfAndThePodAreParts) {
  Pod pod = leaf_spine(8, 2);
  for (int rack = 0; rack < 4; ++rack) {
    pod.racks.push_back({"rack" + std::to_string(rack), {}, {}, {}});
    for (int k = 0; k < 2; ++k) pod.nodes[static_cast<std::size_t>(2 * rack + k)].rack = rack;
  }
  const Planner planner = planner_of(pod);
  std::vector<std::string> parts;
  for (const PlannedSection& section : planner.replicate(Stage::scale)) {
    parts.push_back(section.launch.cases.front().labels.at("part"));
    const std::size_t members = section.launch.members.empty() ? 8 : section.launch.members.size();
    for (const PlannedCase& planned : section.launch.cases)
      EXPECT_EQ(planned.ranks, static_cast<int>(members));
  }
  EXPECT_EQ(parts, (std::vector<std::string>{"rack0", "rack1", "rack2", "rack3", "racks", "pod"}));
  EXPECT_EQ(planner.replicate(Stage::scale)[3].launch.members, (std::vector{6, 7}));
}

TEST(Planner, SecondPartnersRunAloneAndSayWhoTheyAre) {
  const Pod pod = two_rails();
  const std::vector<Flow> flows{{0, 1, 1, 1, 0}, {1, 0, 0, 0, 0}};
  const PlannedSection section = planner_of(pod).second_partners(flows);
  ASSERT_EQ(section.launch.cases.size(), 2u);
  const PlannedCase& first = section.launch.cases.front();
  EXPECT_EQ(first.labels.at("flow"), "a:1 > b:1");
  EXPECT_EQ(first.labels.at("part"), "again0");
  const std::vector<std::uint64_t>& counts = first.parameters.matrix->counts;
  EXPECT_EQ(std::count(counts.begin(), counts.end(), 0u), 15);
  EXPECT_GT(first.parameters.matrix->at(1, 3), 0u);
}

TEST(Planner, SizesFollowTheRate) {
  const Pod slow = leaf_spine(4, 2), fast = two_rails();
  const auto bytes = [](const Planner& planner) {
    for (const PlannedCase& planned : cases_of(planner, Stage::pairs))
      if (planned.pattern == "flows")
        return planned.bytes * static_cast<std::uint64_t>(planned.parameters.window);
    return std::uint64_t{0};
  };
  EXPECT_EQ(bytes(planner_of(slow)), 500'000u);      // 20 ms of 200 Mbit/s
  EXPECT_EQ(bytes(planner_of(fast)), 250'000'000u);  // and of 100 Gbit/s
}

}  // namespace
}  // namespace podbench::accept
