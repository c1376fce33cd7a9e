#include <gtest/gtest.h>

#include <algorithm>

#include "analysis/accept/acceptance.hpp"
#include "analysis/pod/test/sample_pods.hpp"
#include "base/error.hpp"

namespace podbench::accept {
namespace {

Pod pod_of_four() {
  return podbench::sample::leaf_spine(4, 2, 1, "100 Gbit/s", "200 Gbit/s");
}

Run run_of(const std::vector<std::string>& nodes) {
  Run run;
  for (const std::string& node : nodes)
    run.nodes.push_back({node,
                         {{"cpu.model", "A"},
                          {"nic.eth0.mtu_bytes", "9000"},
                          {"nic.eth0.rate_mbps", "100000"},
                          {"nic.eth0.state", "up"},
                          {"nic.eth0.before.rx_bytes", node},
                          {"kernel.load_average", node}},
                         {}});
  return run;
}

const StageReport& inventory(const Acceptance& acceptance) {
  return acceptance.stages.front();
}

std::vector<std::string> failed(const StageReport& report) {
  std::vector<std::string> subjects;
  for (const Check& check : report.checks)
    if (check.outcome == Outcome::fail) subjects.push_back(check.subject + " " + check.what);
  return subjects;
}

using Names = std::vector<std::string>;

TEST(Inventory, EqualNodesPass) {
  const Acceptance acceptance = judge(run_of({"n000", "n001", "n002", "n003"}), pod_of_four());
  EXPECT_EQ(inventory(acceptance).outcome, Outcome::pass);
  EXPECT_EQ(failed(inventory(acceptance)), Names{});
  EXPECT_EQ(acceptance.outcome, Outcome::inconclusive);  // the other stages were not run
  EXPECT_EQ(acceptance.stages.size(), all_stages.size());
}

TEST(Inventory, AHostMayHaveItsDomain) {
  EXPECT_EQ(inventory(judge(run_of({"n000.pod", "n001.pod", "n002", "n003"}), pod_of_four())).outcome,
            Outcome::pass);
}

TEST(Inventory, NamesWhoIsMissingAndWhoIsNotDeclared) {
  const StageReport report = inventory(judge(run_of({"n000", "n001", "n003", "other"}), pod_of_four()));
  EXPECT_EQ(failed(report), (Names{"n002 present", "other declared"}));
  ASSERT_EQ(report.culprits.size(), 1U);
  EXPECT_NE(report.culprits[0].words.find("n002"), std::string::npos);
}

TEST(Inventory, NamesTheNodeWithAnotherMtu) {
  podbench::Run run = run_of({"n000", "n001", "n002", "n003"});
  run.nodes[2].attributes["nic.eth0.mtu_bytes"] = "1500";
  const StageReport report = inventory(judge(run, pod_of_four()));
  EXPECT_EQ(failed(report), Names{"n002 mtu"});
  EXPECT_TRUE(report.culprits.at(0).certain);
  EXPECT_NE(report.culprits[0].words.find("1500"), std::string::npos);
}

TEST(Inventory, WithoutAMajorityAllAreNamed) {
  podbench::Run run = run_of({"n000", "n001", "n002", "n003"});
  for (const std::size_t node : {0U, 1U}) run.nodes[node].attributes["cpu.model"] = "B";
  const StageReport report = inventory(judge(run, pod_of_four()));
  EXPECT_EQ(failed(report).size(), 4U);
  EXPECT_FALSE(report.culprits.at(0).certain);
}

TEST(Inventory, ASlowNicFailsAndASilentOneIsANote) {
  podbench::Run run = run_of({"n000", "n001", "n002", "n003"});
  run.nodes[1].attributes["nic.eth0.rate_mbps"] = "25000";
  run.nodes[3].attributes.erase("nic.eth0.rate_mbps");
  const StageReport report = inventory(judge(run, pod_of_four()));
  const Names names = failed(report);
  EXPECT_EQ(names.size(), 2U);  // unlike the majority, and below what is declared
  for (const std::string& name : names) EXPECT_EQ(name, "n001 NIC rate");
  EXPECT_GE(report.notes.size(), 1U);
}

TEST(Inventory, TheFingerprintFollowsWhatIsThere) {
  const podbench::Run run = run_of({"n000", "n001", "n002", "n003"});
  const std::string before = judge(run, pod_of_four()).fingerprint;
  EXPECT_EQ(before.size(), 16U);
  podbench::Run moved = run;
  moved.nodes[0].attributes["nic.eth0.before.rx_bytes"] = "77";
  std::reverse(moved.nodes.begin(), moved.nodes.end());
  EXPECT_EQ(judge(moved, pod_of_four()).fingerprint, before);
  podbench::Run changed = run;
  changed.nodes[0].attributes["cpu.model"] = "B";
  EXPECT_NE(judge(changed, pod_of_four()).fingerprint, before);
  EXPECT_NE(judge(run, podbench::sample::leaf_spine(4, 2, 1, "100 Gbit/s", "400 Gbit/s")).fingerprint,
            before);
}

TEST(Inventory, ARunOfAnotherPodIsRefused) {
  EXPECT_THROW((void)judge(run_of({"a", "b"}), pod_of_four()), RequestError);
  EXPECT_THROW((void)judge(podbench::Run{}, pod_of_four()), RequestError);
}

}  // namespace
}  // namespace podbench::accept
