#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "analysis/accept/run_view.hpp"
#include "analysis/accept/test/simulated_pods.hpp"
#include "analysis/accept/test/simulated_run.hpp"
#include "analysis/accept/words.hpp"
#include "base/error.hpp"

namespace podbench::accept {
namespace {

using sample::FaultKind;
using sample::Planted;
using sample::Scenario;
using sample::Verdict;

std::vector<std::pair<std::string, Pod>> shapes() {
  std::vector<std::pair<std::string, Pod>> all = {{"leaf-spine", podbench::sample::leaf_spine(8, 4, 2)},
                                                  {"rails", podbench::sample::rails(4, 2, 4, 1)},
                                                  {"crossbar", podbench::sample::crossbar(6, 1, 1)},
                                                  {"mesh", podbench::sample::grid("mesh", {3, 3})}};
  for (auto& [name, pod] : all) {
    pod.limits.share_of_ceiling = 0.5;
    pod.limits.impact_p99 = 4;
    pod.limits.latency_s = 50e-6;
  }
  return all;
}

std::string told(const Acceptance& acceptance) {
  return text_of(acceptance, false);
}

const StageReport& stage(const Acceptance& acceptance, Stage wanted) {
  return acceptance.stages[static_cast<std::size_t>(wanted)];
}

TEST(Judge, HealthyPodsPass) {
  for (const auto& [shape, pod] : shapes()) {
    const sample::Accepted accepted = sample::accept(pod, Scenario{{}, 0.01, 0.95, 5});
    EXPECT_EQ(accepted.acceptance.outcome, Outcome::pass) << shape << "\n" << told(accepted.acceptance);
    EXPECT_TRUE(culprits_of(accepted.acceptance).empty());
    EXPECT_FALSE(stage(accepted.acceptance, Stage::links).smallest_caught.empty());
    for (const StageReport& report : accepted.acceptance.stages)
      for (const Coverage& coverage : report.coverage)
        EXPECT_EQ(coverage.exercised, coverage.planned) << shape << " " << coverage.what;
  }
}

// Four nodes a leaf over two uplinks of two nodes' rate: every other round, three of them meet on one.
Pod hashed() {
  Pod pod = podbench::sample::leaf_spine(16, 4, 2);
  pod.limits.share_of_ceiling = 0.3;
  pod.limits.impact_p99 = 4;
  pod.spreading = Spreading::flows;
  return pod;
}

TEST(Judge, PathsThatAHashChoseAreNobodysFault) {
  const sample::Accepted accepted = sample::accept(hashed(), Scenario{{}, 0.01, 0.95, 5});
  EXPECT_EQ(accepted.acceptance.outcome, Outcome::pass) << told(accepted.acceptance);
  EXPECT_NE(told(accepted.acceptance).find("a hash decides"), std::string::npos) << told(accepted.acceptance);
}

TEST(Judge, BesidePathsThatAHashChoseFaultsAreBlamed) {
  const Pod pod = hashed();
  const auto cable = [&](const std::string& name) {
    for (std::size_t link = 0; link < pod.links.size(); ++link)
      if (name_of_link(pod, static_cast<int>(link)) == name) return static_cast<int>(link);
    return -1;
  };
  for (const podbench::sample::Fault& slow :
       {podbench::sample::Fault{{SuspectKind::node, Way::out, 6}, 0.5},
        podbench::sample::Fault{{SuspectKind::node, Way::in, 9}, 0.8},
        podbench::sample::Fault{{SuspectKind::cable, Way::both, cable("leaf1-spine0")}, 0.25}}) {
    const Scenario scenario{{{FaultKind::link, slow, 0, 0, Stage::pairs}}, 0.01, 0.95, 7};
    const Acceptance acceptance = sample::accept(pod, scenario).acceptance;
    EXPECT_EQ(verdict_of(pod, scenario, acceptance), Verdict::right) << name_of(pod, slow.suspect) << "\n"
                                                                     << told(acceptance);
  }
}

// As many uplinks as nodes, each for one: a slow one leaves a flow more than a full set may ask for.
Pod hashed_over_narrow_uplinks() {
  Pod pod = podbench::sample::leaf_spine(16, 4, 4, "100 Gbit/s", "100 Gbit/s");
  pod.limits.share_of_ceiling = 0.2;
  pod.limits.impact_p99 = 4;
  pod.spreading = Spreading::flows;
  return pod;
}

std::vector<int> cables_of_spines(const Pod& pod) {
  std::vector<int> cables;
  for (std::size_t link = 0; link < pod.links.size(); ++link) {
    const auto is_switch = [&](int vertex) {
      return pod.vertices[static_cast<std::size_t>(vertex)].node < 0;
    };
    if (is_switch(pod.links[link].a) && is_switch(pod.links[link].b))
      cables.push_back(static_cast<int>(link));
  }
  return cables;
}

void expect_that_every_slow_uplink_is_named(bool redraws) {
  const Pod pod = hashed_over_narrow_uplinks();
  const Acceptance healthy = sample::accept(pod, Scenario{{}, 0.01, 0.95, 5, redraws}).acceptance;
  EXPECT_EQ(healthy.outcome, Outcome::pass) << told(healthy);
  for (const Way way : {Way::out, Way::in, Way::both})
    for (const int cable : cables_of_spines(pod)) {
      const podbench::sample::Fault slow{{SuspectKind::cable, way, cable}, 0.7};
      const Scenario scenario{{{FaultKind::link, slow, 0, 0, Stage::pairs}}, 0.01, 0.95, 7, redraws};
      const Acceptance acceptance = sample::accept(pod, scenario).acceptance;
      EXPECT_EQ(acceptance.outcome, Outcome::fail) << name_of(pod, slow.suspect) << "\n" << told(acceptance);
      EXPECT_EQ(verdict_of(pod, scenario, acceptance), Verdict::right) << name_of(pod, slow.suspect) << "\n"
                                                                       << told(acceptance);
    }
}

TEST(Judge, FlowsThatStayApartShowASlowUplink) {
  expect_that_every_slow_uplink_is_named(false);
}

// Each launch another flow is slow, so that no median shows it.
TEST(Judge, ASlowUplinkIsBlamedThoughEveryLaunchDrawsItsPathsAnew) {
  expect_that_every_slow_uplink_is_named(true);
}

TEST(Judge, EveryFaultIsBlamedInEveryShape) {
  for (const auto& [shape, pod] : shapes())
    for (const FaultKind kind : {FaultKind::slow_cpu, FaultKind::drop, FaultKind::flap, FaultKind::mtu,
                                 FaultKind::nic_rate, FaultKind::corrupt, FaultKind::dead, FaultKind::hang}) {
      Planted planted{kind, {}, 2, 1, Stage::links};
      const Scenario scenario{{planted}, 0.01, 0.95, 7};
      const sample::Accepted accepted = sample::accept(pod, scenario);
      EXPECT_EQ(accepted.acceptance.outcome, Outcome::fail) << shape << ", " << name_of(pod, planted);
      EXPECT_EQ(sample::verdict_of(pod, scenario, accepted.acceptance), Verdict::right)
          << shape << ", " << name_of(pod, planted) << "\n"
          << told(accepted.acceptance);
    }
}

TEST(Judge, SlowPartsAreBlamedOneWayAndBoth) {
  const Pod pod = shapes().front().second;
  const auto vertex = [&](const std::string& name) {
    return static_cast<int>(std::find_if(pod.vertices.begin(), pod.vertices.end(),
                                         [&](const PodVertex& one) { return one.name == name; }) -
                            pod.vertices.begin());
  };
  for (const Way way : {Way::both, Way::out, Way::in})
    for (const Suspect suspect : {Suspect{SuspectKind::port, way, pod.nodes[3].ports[0]},
                                  Suspect{SuspectKind::uplinks, way, vertex("leaf1")}}) {
      const Scenario scenario{{Planted{FaultKind::link, {suspect, 0.5}, 0, 0, Stage::pairs}}, 0.01, 0.95, 9};
      const sample::Accepted accepted = sample::accept(pod, scenario);
      EXPECT_EQ(sample::verdict_of(pod, scenario, accepted.acceptance), Verdict::right)
          << name_of(pod, scenario.faults[0]) << "\n"
          << told(accepted.acceptance);
      ASSERT_FALSE(culprits_of(accepted.acceptance).empty());
      EXPECT_TRUE(culprits_of(accepted.acceptance)[0].certain) << told(accepted.acceptance);
    }
}

TEST(Judge, ASlowCpuIsCalledThat) {
  const Pod pod = shapes().front().second;
  const Scenario scenario{{Planted{FaultKind::slow_cpu, {}, 4, 0, Stage::pairs}}, 0.01, 0.95, 3};
  const sample::Accepted accepted = sample::accept(pod, scenario);
  EXPECT_EQ(stage(accepted.acceptance, Stage::node).outcome, Outcome::fail);
  EXPECT_NE(told(accepted.acceptance).find("node n004, slow CPU"), std::string::npos)
      << told(accepted.acceptance);
  EXPECT_EQ(stage(accepted.acceptance, Stage::pairs).outcome, Outcome::skipped);  // the gate is shut
}

// Every launch of all nodes' copies as a launch of each node.
podbench::Run with_copies_in_turn(podbench::Run run) {
  const std::vector<CaseRecord> cases = std::exchange(run.cases, {});
  for (const CaseRecord& record : cases) {
    if (record.key.pattern != "copy") {
      run.cases.push_back(record);
      continue;
    }
    const LaunchRecord together = run.launches[static_cast<std::size_t>(record.launch)];
    const std::size_t ranks = together.hosts.size();
    for (std::size_t rank = 0; rank < ranks; ++rank) {
      LaunchRecord& launch = run.launches.emplace_back(together);
      launch.launch = static_cast<int>(run.launches.size()) - 1;
      launch.hosts = {together.hosts[rank]}, launch.nodes = {together.nodes[rank]};
      CaseRecord& alone = run.cases.emplace_back(record);
      alone.launch = launch.launch, alone.key.ranks = 1;
      alone.key.options["part"] = together.hosts[rank];
      alone.matrix = {record.matrix[rank * ranks + rank]};
      alone.matrix_p99 = {record.matrix_p99[rank * ranks + rank]};
    }
  }
  return run;
}

TEST(Judge, NodesMayBeMeasuredInTurn) {
  const Pod pod = shapes().front().second;
  for (const bool slow : {false, true}) {
    Scenario scenario{{}, 0.01, 0.95, 3};
    if (slow) scenario.faults.push_back({FaultKind::slow_cpu, {}, 4, 0, Stage::pairs});
    const podbench::Run run = sample::accept(pod, scenario).run;
    const Acceptance together = judge(run, pod), in_turn = judge(with_copies_in_turn(run), pod);
    EXPECT_EQ(stage(in_turn, Stage::node).outcome, slow ? Outcome::fail : Outcome::pass) << told(in_turn);
    EXPECT_EQ(stage(in_turn, Stage::node).checks.size(), stage(together, Stage::node).checks.size());
    EXPECT_EQ(told(in_turn).find("node n004, slow CPU") != std::string::npos, slow) << told(in_turn);
  }
}

TEST(Judge, ANodesOwnSpeedHasAToleranceOfItsOwn) {
  Pod pod = shapes().front().second;
  sample::Accepted accepted = sample::accept(pod, Scenario{{}, 0.001, 0.95, 5});
  const auto copies_of = [&](double factor) {
    podbench::Run run = accepted.run;
    for (CaseRecord& record : run.cases)
      if (record.key.pattern == "copy") record.matrix[0] *= factor;
    return stage(judge(run, pod), Stage::node).outcome;
  };
  EXPECT_EQ(copies_of(1.10), Outcome::pass);
  EXPECT_EQ(copies_of(1.25), Outcome::fail);
  pod.limits.node_distance = 0.3;
  EXPECT_EQ(copies_of(1.25), Outcome::pass);
}

TEST(Judge, ANodeWhoseRanksShareMemorySlowlyIsNamed) {
  const Pod pod = shapes()[1].second;
  podbench::Run run = sample::accept(pod, Scenario{{}, 0.01, 0.95, 5}).run;
  EXPECT_EQ(stage(judge(run, pod), Stage::node).outcome, Outcome::pass) << told(judge(run, pod));
  for (CaseRecord& record : run.cases)
    if (record.key.transport == "shm")
      record.matrix[2 * 8 + 3] *= 1.4;  // from the second rank of n001 to its first
  const Acceptance acceptance = judge(run, pod);
  EXPECT_EQ(stage(acceptance, Stage::node).outcome, Outcome::fail);
  EXPECT_NE(told(acceptance).find(pod.nodes[1].name + ", slow CPU or memory: shm 4MiB takes"),
            std::string::npos)
      << told(acceptance);
}

TEST(Judge, WhatTakesANodesTimeFailsUnlessNodesShareCores) {
  const Pod pod = shapes().front().second;
  podbench::Run run = sample::accept(pod, Scenario{{}, 0.01, 0.95, 5}).run;
  for (const char* when : {"before", "after"})
    run.nodes[3].attributes[std::string("noise.") + when + ".missing_ns_per_second"] = "300000000";
  const Acceptance noisy = judge(run, pod);
  EXPECT_EQ(stage(noisy, Stage::node).outcome, Outcome::fail);
  EXPECT_NE(told(noisy).find("node n003, slow CPU or memory: something takes 30%"), std::string::npos)
      << told(noisy);
  run.nodes[0].attributes["cpu.shared_cores"] = "1";
  EXPECT_EQ(stage(judge(run, pod), Stage::node).outcome, Outcome::pass);
}

TEST(Judge, WhereRanksShareCoresLatenciesAreTheSchedulers) {
  Pod pod = shapes().front().second;
  pod.limits.latency_s.reset();
  sample::Accepted accepted = sample::accept(pod, Scenario{{}, 0.01, 0.95, 5});
  for (CaseRecord& record : accepted.run.cases)
    if (record.key.pattern == "pairs") record.matrix[1] *= 2;
  EXPECT_EQ(stage(judge(accepted.run, pod), Stage::pairs).outcome, Outcome::fail);
  accepted.run.nodes[2].attributes["cpu.shared_cores"] = "1";
  const Acceptance acceptance = judge(accepted.run, pod);
  EXPECT_EQ(stage(acceptance, Stage::pairs).outcome, Outcome::pass) << told(acceptance);
  EXPECT_TRUE(culprits_of(acceptance).empty());
  EXPECT_NE(told(acceptance).find("share cores"), std::string::npos);
}

TEST(Judge, WhereRanksShareCoresSmallCollectivesAreTheSchedulers) {
  const Pod pod = shapes().front().second;
  sample::Accepted accepted = sample::accept(pod, Scenario{{}, 0.01, 0.95, 5});
  std::vector<CaseRecord> small;
  for (const CaseRecord& record : accepted.run.cases)
    if (option(record, "stage") == "scale") {
      small.push_back(record);
      small.back().key.bytes = 8;
      const std::uint64_t divisor = record.key.pattern == "allreduce" ? 100 : 1'000;
      for (std::uint64_t& ns : small.back().samples_ns) ns /= divisor;
    }
  ASSERT_FALSE(small.empty());
  accepted.run.cases.insert(accepted.run.cases.end(), small.begin(), small.end());
  EXPECT_EQ(stage(judge(accepted.run, pod), Stage::scale).outcome, Outcome::fail);
  accepted.run.nodes[2].attributes["cpu.shared_cores"] = "1";
  const Acceptance acceptance = judge(accepted.run, pod);
  EXPECT_EQ(stage(acceptance, Stage::scale).outcome, Outcome::pass) << told(acceptance);
}

TEST(Judge, AllFlowsShortTogetherBlameNobody) {
  const Pod pod = shapes().front().second;
  const sample::Accepted accepted = sample::accept(pod, Scenario{{}, 0.01, 0.75, 3});
  EXPECT_EQ(accepted.acceptance.outcome, Outcome::fail);
  EXPECT_TRUE(culprits_of(accepted.acceptance).empty()) << told(accepted.acceptance);
  EXPECT_NE(told(accepted.acceptance).find("a common cause"), std::string::npos);
}

TEST(Judge, TheLostNodeIsNamedWithItsWords) {
  const Pod pod = shapes().front().second;
  for (const Stage at : {Stage::node, Stage::pairs, Stage::links, Stage::scale, Stage::congestion}) {
    const Scenario scenario{{Planted{FaultKind::dead, {}, 6, 0, at}}, 0.01, 0.95, 3};
    const sample::Accepted accepted = sample::accept(pod, scenario);
    EXPECT_EQ(stage(accepted.acceptance, at).outcome, Outcome::fail);
    EXPECT_NE(told(accepted.acceptance).find("rank 6 on n006 died (signal 9, Killed)"), std::string::npos);
    const Next next = next_of(accepted.acceptance, accepted.run, pod, at);
    EXPECT_FALSE(next.gate_open);
    EXPECT_FALSE(next.more_launches);
  }
}

TEST(Judge, WrongDataAsksForASecondPartner) {
  const Pod pod = shapes().front().second;
  const Scenario scenario{{Planted{FaultKind::corrupt, {}, 5, 0, Stage::pairs}}, 0.01, 0.95, 3};
  const sample::Accepted accepted = sample::accept(pod, scenario);
  EXPECT_GE(accepted.turns, 1U);
  const std::vector<Culprit> culprits = culprits_of(accepted.acceptance);
  ASSERT_EQ(culprits.size(), 1U) << told(accepted.acceptance);
  EXPECT_TRUE(culprits[0].certain);
  EXPECT_NE(culprits[0].words.find("node n005, receiving: corrupts data"), std::string::npos)
      << culprits[0].words;
}

TEST(Judge, TooFewLaunchesAskForMore) {
  const Pod pod = shapes().front().second;
  sample::Accepted accepted = sample::accept(pod, Scenario{{}, 0.01, 0.95, 5});
  podbench::Run& run = accepted.run;
  std::erase_if(run.cases, [](const CaseRecord& record) { return record.launch % 2 == 0; });
  const Acceptance acceptance = judge(run, pod);
  EXPECT_EQ(stage(acceptance, Stage::pairs).outcome, Outcome::inconclusive);
  EXPECT_EQ(acceptance.outcome, Outcome::inconclusive);
  EXPECT_TRUE(next_of(acceptance, run, pod, Stage::pairs).more_launches);
  EXPECT_FALSE(next_of(acceptance, run, pod, Stage::pairs).gate_open);
}

TEST(Judge, WhatWasNotMeasuredIsNotPassed) {
  const Pod pod = shapes().back().second;
  sample::Accepted accepted = sample::accept(pod, Scenario{{}, 0.01, 0.95, 5});
  std::erase_if(accepted.run.cases, [](const CaseRecord& record) {
    const auto part = record.key.options.find("part");
    return part != record.key.options.end() && part->second == "set0";
  });
  const Acceptance acceptance = judge(accepted.run, pod);
  const Coverage coverage = stage(acceptance, Stage::links).coverage.at(0);
  EXPECT_LT(coverage.exercised, coverage.planned);
  EXPECT_EQ(stage(acceptance, Stage::links).outcome, Outcome::inconclusive);
}

TEST(Judge, AHostThatThePodFileDoesNotHaveIsRefused) {
  const Pod pod = shapes().front().second;
  sample::Accepted accepted = sample::accept(pod, Scenario{{}, 0.01, 0.95, 5});
  for (LaunchRecord& launch : accepted.run.launches) launch.hosts[1] = "stranger";
  try {
    (void)judge(accepted.run, pod);
    FAIL() << "a stranger was accepted";
  } catch (const RequestError& error) {
    EXPECT_NE(std::string(error.what()).find("stranger"), std::string::npos) << error.what();
  }
}

TEST(Stages, AreFoundByName) {
  for (const Stage one : all_stages) EXPECT_EQ(parse_stage(name_of(one)), one);
  EXPECT_THROW((void)parse_stage("link"), RequestError);
}

}  // namespace
}  // namespace podbench::accept
