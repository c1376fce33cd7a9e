// What a description of a training step may say, and what is answered where it says something else.
#include "patterns/training_step/workload.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace podbench {
namespace {

constexpr const char* ring = "[[part]]\npattern = \"allreduce\"\nalgorithm = \"ring\"\n";

std::string complaint(const std::string& text) {
  try {
    (void)parse_workload({"step.toml", text});
  } catch (const RequestError& error) {
    return error.what();
  }
  return "";
}

// The complaint about a ring all-reduce with `more` on its fourth line.
std::string about(const std::string& more) {
  return complaint(ring + more + "\nelements = 5\n");
}

TEST(Workload, IsReadWhole) {
  const auto workload = parse_workload({"step.toml", R"(name = "toy"
source = "a paper"
scale = 0.5
[[part]]
pattern = "allreduce"
algorithm = "ring"
elements = 6_553_600
repeat = 51
[[part]]
pattern = "alltoallv"
algorithm = "bruck"
elements = 7
skew = 1
draw = 42
radix = 3
[[part]]
pattern = "broadcast"
algorithm = "chain"
elements = 9
root = 2
segment = 4
[[part]]
pattern = "shift"
algorithm = "direct"
elements = 1
shift = -3
[[part]]
pattern = "multi_pair"
algorithm = "direct"
elements = 1
window = 16
)"});
  EXPECT_EQ(workload->name, "toy");
  EXPECT_EQ(workload->source, "a paper");
  EXPECT_EQ(workload->scale, 0.5);
  ASSERT_EQ(workload->parts.size(), 5U);
  const std::vector<WorkloadPart>& parts = workload->parts;
  EXPECT_EQ(parts[0].pattern, find_pattern("allreduce"));
  EXPECT_EQ(parts[0].algorithm, find_algorithm("allreduce", "ring"));
  EXPECT_EQ(parts[0].elements, 6'553'600U);
  EXPECT_EQ(parts[0].repeat, 51U);
  EXPECT_EQ(parts[0].where, "step.toml:4:1");
  EXPECT_EQ(parts[1].repeat, 1U);
  EXPECT_EQ(parts[1].parameters.skew, 1.0);
  EXPECT_EQ(parts[1].parameters.seed, 42U);
  EXPECT_EQ(parts[1].parameters.radix, 3);
  EXPECT_EQ(parts[2].parameters.root, 2);
  EXPECT_EQ(parts[2].parameters.segment_count, 4U);
  EXPECT_EQ(parts[3].parameters.shift, -3);
  EXPECT_EQ(parts[4].parameters.window, 16);
}

TEST(Workload, HasTheNameOfItsFileWhereItGivesNone) {
  EXPECT_EQ(parse_workload({"step.toml", std::string(ring) + "elements = 5"})->name, "step.toml");
}

TEST(Workload, ComplainsInOneLineWithThePlace) {
  EXPECT_EQ(complaint(""), "step.toml: no [[part]]; a step has at least one");
  EXPECT_EQ(complaint("part = 1"), "step.toml:1:8: write [[part]], with two brackets");
  EXPECT_EQ(complaint("part = [1]"), "step.toml:1:9: write [[part]], with two brackets");
  EXPECT_EQ(complaint("[part]\nelements = 1"), "step.toml:1:1: write [[part]], with two brackets");
  EXPECT_EQ(complaint("name = 7"), "step.toml:1:8: a text in quotes is wanted here");
  EXPECT_EQ(complaint("scale = 0"), "step.toml:1:9: a number from 1e-12 to 1000000 is wanted here");
  EXPECT_EQ(complaint("scale = nan"), "step.toml:1:9: a number from 1e-12 to 1000000 is wanted here");
  EXPECT_EQ(complaint("scale = \"1\""), "step.toml:1:9: a number from 1e-12 to 1000000 is wanted here");
  EXPECT_TRUE(complaint("parts = 1")
                  .starts_with("step.toml:1:9: unknown key of a workload \"parts\"; did you mean \"part\"?"));
  EXPECT_TRUE(complaint("name = ").starts_with("step.toml:1:")) << complaint("name = ");
  EXPECT_EQ(complaint("name = \"\xff\"").find('\n'), std::string::npos);
  EXPECT_EQ(complaint(std::string((1 << 20) + 1, ' ')), "step.toml: too large for a workload; at most 1 MiB");
}

TEST(Workload, EveryPartNeedsItsThreeKeys) {
  EXPECT_EQ(complaint("[[part]]\n"),
            "step.toml:1:1: this [[part]] needs pattern; it has a pattern, an algorithm and elements");
  EXPECT_NE(complaint("[[part]]\npattern = \"shift\"").find("needs algorithm"), std::string::npos);
  EXPECT_NE(complaint(ring).find("needs elements"), std::string::npos);
}

TEST(Workload, KnowsWhichPatternsCanBeParts) {
  const auto said = [](const std::string& pattern, const std::string& algorithm) {
    return complaint("[[part]]\npattern = \"" + pattern + "\"\nalgorithm = \"" + algorithm +
                     "\"\nelements = 5");
  };
  EXPECT_EQ(said("allreduce", "ring"), "");
  EXPECT_TRUE(
      said("allreduc", "ring").starts_with("step.toml:2:11: unknown pattern \"allreduc\"; did you mean"));
  EXPECT_TRUE(
      said("allreduce", "rong").starts_with("step.toml:3:13: unknown algorithm of allreduce \"rong\""));
  EXPECT_TRUE(
      said("put", "direct").starts_with("step.toml:2:11: put is one-sided and cannot be a part; these"));
  EXPECT_TRUE(
      said("barrier", "tree").starts_with("step.toml:2:11: barrier has no size and cannot be a part"));
  EXPECT_TRUE(
      said("pingpong", "direct").starts_with("step.toml:2:11: pingpong is timed by some of its ranks"));
  EXPECT_TRUE(
      said("congestion", "direct").starts_with("step.toml:2:11: congestion is a series of problems and"));
  EXPECT_TRUE(
      said("training_step", "by_parts").starts_with("step.toml:2:11: training_step is a step itself"));
  EXPECT_TRUE(
      said("allreduce", "native").starts_with("step.toml:3:13: native has no schedule of its own, and a"));
  EXPECT_TRUE(said("allreduce", "imported")
                  .starts_with("step.toml:3:13: imported has no schedule of its own, and a"));
}

TEST(Workload, KnowsWhatAPartCanBeTold) {
  EXPECT_EQ(about("repeat = 3"), "");
  EXPECT_EQ(about("repeat = 0"), "step.toml:4:10: a whole number from 1 to 1048576 is wanted here");
  EXPECT_EQ(about("repeat = 2.5"), "step.toml:4:10: a whole number from 1 to 1048576 is wanted here");
  EXPECT_EQ(
      about("root = 1"),
      "step.toml:4:8: unknown key of a part allreduce/ring \"root\"; known: pattern, algorithm, elements, "
      "repeat");
  EXPECT_NE(complaint(std::string(ring) + "elements = 0").find("from 1 to 1099511627776"), std::string::npos);
  EXPECT_NE(complaint(std::string(ring) + "elements = -1").find("step.toml:4:12"), std::string::npos);
  EXPECT_NE(complaint(std::string(ring) + "elements = \"5\"").find("step.toml:4:12"), std::string::npos);
}

TEST(Workload, BoundsItsParts) {
  std::string many;
  for (int i = 0; i < 1'025; ++i) many += std::string(ring) + "elements = 5\n";
  EXPECT_EQ(complaint(many), "step.toml:1:1: more than 1024 parts");
}

}  // namespace
}  // namespace podbench
