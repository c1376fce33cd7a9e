#include "bench/ab/side.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace podbench {
namespace {

using Words = std::vector<std::string>;

std::string refusal(const std::string& common, const std::string& own, const std::string& program = "") {
  try {
    (void)make_side('b', common, own, program);
  } catch (const RequestError& error) {
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "accepted: " << common << " + " << own;
  return "";
}

TEST(Side, CommonWordsComeFirstAndOwnEnvironmentCounts) {
  const Side side = make_side('a', "X=1 Y=2 --pattern allreduce", "Y=3 'Z=a b' --bytes 8 A=4", "/bin/sh");
  EXPECT_EQ(side.environment, (std::map<std::string, std::string>{{"X", "1"}, {"Y", "3"}, {"Z", "a b"}}));
  // Behind the first argument a word is an argument.
  EXPECT_EQ(side.arguments, (Words{"--pattern", "allreduce", "--bytes", "8", "A=4"}));
  EXPECT_EQ(side.program, "/bin/sh");
}

TEST(Side, AnEmptyOrLongValueIsAValue) {
  const Side side = make_side('a', "", "X= Y=a=b 1Z=c", "/bin/sh");
  EXPECT_EQ(side.environment, (std::map<std::string, std::string>{{"X", ""}, {"Y", "a=b"}}));
  EXPECT_EQ(side.arguments, Words{"1Z=c"});
}

TEST(Side, TheProgramIsFound) {
  EXPECT_NE(make_side('a', "", "", "").program.find("podbench_ab_test"), std::string::npos);
  EXPECT_EQ(make_side('a', "", "", "sh").program.find('/'), 0U);
}

TEST(Side, WhatCannotBeIsRefusedInOneLine) {
  EXPECT_NE(refusal("'", "").find("--common"), std::string::npos);
  EXPECT_NE(refusal("", "a\\").find("--b: "), std::string::npos);
  for (const char* flag : {"--launches 3", "--seed=4", "--out x.h5", "--dry-run", "--format json", "--quiet"})
    EXPECT_NE(refusal("", flag).find("ab itself"), std::string::npos) << flag;
  EXPECT_NE(refusal("", "", "/no/such/program").find("--b-program"), std::string::npos);
  EXPECT_NE(refusal("", "", "/etc/passwd").find("--b-program"), std::string::npos);
  EXPECT_NE(refusal("", "", "no-such-program-of-ours").find("$PATH"), std::string::npos);
}

TEST(Side, SecretsAreMasked) {
  const Side side = make_side('a', "", "MY_TOKEN=hush UCX_TLS=tcp --bytes 8", "/bin/sh");
  EXPECT_EQ(side.words(), (Words{"MY_TOKEN=(masked)", "UCX_TLS=tcp", "--bytes", "8"}));
  EXPECT_EQ(side.environment.at("MY_TOKEN"), "hush");
}

TEST(Side, ALaunchIsOneOfItsOwnWithTheSeedOfItsPair) {
  const Side side = make_side('a', "--pattern pingpong", "", "/bin/sh");
  EXPECT_EQ(launch_command(side, 18446744073709551615U, "/tmp/x.h5"),
            (Words{"/bin/sh", "run", "--pattern", "pingpong", "--launches", "1", "--seed",
                   "18446744073709551615", "--quiet", "--out", "/tmp/x.h5"}));
}

}  // namespace
}  // namespace podbench
