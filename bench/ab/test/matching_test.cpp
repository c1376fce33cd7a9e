#include "bench/ab/matching.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace podbench {
namespace {

using Names = std::vector<std::string>;

CaseKey key(const std::string& transport, const std::string& algorithm, std::uint64_t bytes = 8) {
  CaseKey key;
  key.transport = transport;
  key.pattern = "allreduce";
  key.algorithm = algorithm;
  key.datatype = "float32";
  key.op = "sum";
  key.bytes = bytes;
  key.ranks = 2;
  return key;
}

std::string refusal(const std::vector<CaseKey>& a, const std::vector<CaseKey>& b) {
  try {
    (void)match_cases(a, b);
  } catch (const RequestError& error) {
    return error.what();
  }
  ADD_FAILURE() << "matched";
  return "";
}

TEST(Matching, EqualKeysMatchWhole) {
  const std::vector<CaseKey> a = {key("x", "ring"), key("x", "tree"), key("y", "ring")};
  const std::vector<CaseKey> b = {a[2], a[0], a[1]};
  const Matching matching = match_cases(a, b);
  ASSERT_EQ(matching.matches.size(), 3U);
  EXPECT_EQ(matching.differing, Names());
  for (const CaseMatch& match : matching.matches) {
    EXPECT_EQ(a[match.a], b[match.b]);
    EXPECT_EQ(match.name, a[match.a].name());
  }
}

TEST(Matching, WhatTheSidesDifferInIsLeftAside) {
  const Matching matching =
      match_cases(std::vector{key("x", "ring", 8), key("x", "ring", 64), key("x", "tree", 8)},
                  std::vector{key("y", "tree", 8), key("y", "ring", 64), key("y", "ring", 8)});
  EXPECT_EQ(matching.differing, Names{"transport"});
  ASSERT_EQ(matching.matches.size(), 3U);
  EXPECT_EQ(matching.matches[0].b, 2U);
  EXPECT_EQ(matching.matches[1].b, 1U);
  EXPECT_EQ(matching.matches[2].b, 0U);
  EXPECT_EQ(matching.matches[0].name, "allreduce/ring/x->y/float32/8B/ranks:2");
}

TEST(Matching, APartWithSomeValuesInCommonIsMatchedOn) {
  const Matching matching = match_cases(std::vector{key("x", "ring"), key("x", "tree")},
                                        std::vector{key("y", "ring"), key("y", "native")});
  EXPECT_EQ(matching.differing, Names{"transport"});
  ASSERT_EQ(matching.matches.size(), 1U);
  EXPECT_EQ(matching.only_a, Names{key("x", "tree").name()});
  EXPECT_EQ(matching.only_b, Names{key("y", "native").name()});
}

TEST(Matching, OptionsAndBuffersMayDiffer) {
  CaseKey a = key("x", "ring"), b = a;
  b.options["window"] = "64";
  b.buffers = "private";
  const Matching matching = match_cases(std::vector{a}, std::vector{b});
  EXPECT_EQ(matching.differing, (Names{"buffers", "window"}));
  ASSERT_EQ(matching.matches.size(), 1U);
  EXPECT_NE(matching.matches[0].name.find("window:default->64"), std::string::npos)
      << matching.matches[0].name;
}

TEST(Matching, OtherSizesPatternsAndRanksAreOtherQuestions) {
  EXPECT_NE(refusal({key("x", "ring", 8)}, {key("y", "ring", 16)}).find("bytes 8 of a, 16 of b"),
            std::string::npos);
  CaseKey other = key("x", "ring");
  other.ranks = 3;
  EXPECT_NE(refusal({key("x", "ring")}, {other}).find("ranks"), std::string::npos);
  other = key("x", "ring");
  other.pattern = "alltoall";
  EXPECT_NE(refusal({key("x", "ring")}, {other}).find("pattern"), std::string::npos);
}

TEST(Matching, SeveralCasesThatBecomeAlikeAreRefused) {
  const std::string one = refusal({key("x", "ring"), key("y", "ring")}, {key("z", "ring")});
  EXPECT_NE(one.find("transport"), std::string::npos) << one;
  const std::string other = refusal({key("x", "ring")}, {key("y", "tree"), key("y", "native")});
  EXPECT_NE(other.find("algorithm"), std::string::npos) << other;
}

TEST(Matching, NothingInCommonIsRefused) {
  // Each part has a value in common, but no case has them all.
  const std::string why =
      refusal({key("x", "ring", 8), key("y", "tree", 64)}, {key("x", "tree", 8), key("y", "ring", 64)});
  EXPECT_NE(why.find("no case of a"), std::string::npos) << why;
  EXPECT_EQ(why.find('\n'), std::string::npos);
}

}  // namespace
}  // namespace podbench
