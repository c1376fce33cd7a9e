#include "bench/suite.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace podbench {
namespace {

// What a person reads when the text is wrong.
std::string complaint(const std::string& text) {
  try {
    (void)parse_suite(text, "nightly.toml");
  } catch (const RequestError& error) {
    return error.what();
  }
  return "";
}

TEST(Suite, ReadsEveryKey) {
  const Suite suite = parse_suite(R"(
name = "nightly"
summary = "what runs at night"
time_per_case = "500ms"
launches = 3
[[cases]]
transport = ["shm", "tcp"]
pattern = "allreduce"
algorithm = "ring"
dtype = "float64"
op = "max"
bytes = "8:64:x2"
ranks = 4
window = 16
cadence = "streaming"
buffers = "private"
)",
                                  "nightly.toml");
  EXPECT_EQ(suite.name, "nightly");
  EXPECT_EQ(suite.time_per_case_ns, 500'000'000);
  EXPECT_EQ(suite.launches, 3);
  ASSERT_EQ(suite.requests.size(), 1u);
  const CaseRequest& request = suite.requests.front();
  EXPECT_EQ(request.transports, (std::vector<std::string>{"shm", "tcp"}));
  EXPECT_EQ(request.ranks, std::vector<std::string>{"4"});
  EXPECT_EQ(request.parameters.window, 16);
  EXPECT_EQ(request.cadence, "streaming");
  EXPECT_EQ(request.buffers, "private");
}

TEST(Suite, TakesItsNameFromItsFile) {
  EXPECT_EQ(parse_suite("[[cases]]\npattern = \"pingpong\"", "/etc/pod/weekly.toml").name, "weekly");
}

TEST(Suite, NamesLineAndColumnOfWhatIsWrong) {
  EXPECT_TRUE(complaint("[[cases]]\npatern = \"allreduce\"").starts_with("nightly.toml:2:"))
      << complaint("[[cases]]\npatern = \"allreduce\"");
  EXPECT_NE(complaint("[[cases]]\npatern = \"allreduce\"").find("pattern"), std::string::npos);
  EXPECT_TRUE(complaint("[[cases]]\npattern = 'x'\nwindow = -1").starts_with("nightly.toml:3:"));
  EXPECT_TRUE(complaint("launches = 0\n[[cases]]\npattern = 'x'").starts_with("nightly.toml:1:"));
  EXPECT_TRUE(complaint("launches = 'two'\n[[cases]]\npattern = 'x'").starts_with("nightly.toml:1:"));
  EXPECT_TRUE(complaint("name = \"x").starts_with("nightly.toml:1:"));
  EXPECT_NE(complaint("name = \"x\"").find("no [[cases]]"), std::string::npos);
  EXPECT_NE(complaint("[[cases]]\nbytes = \"8\"").find("needs a pattern"), std::string::npos);
  EXPECT_NE(complaint("[cases]\npattern = \"x\"").find("two brackets"), std::string::npos);
}

TEST(Suite, EveryBuiltInOneLoads) {
  for (const BuiltInSuite& built_in : built_in_suites()) {
    const Suite suite = load_suite(std::string(built_in.name));
    EXPECT_EQ(suite.name, built_in.name);
    EXPECT_FALSE(suite.summary.empty());
  }
}

TEST(Suite, RefusesWhatIsNoFile) {
  EXPECT_THROW((void)load_suite("smok"), RequestError);
  EXPECT_THROW((void)load_suite("/"), RequestError);
}

}  // namespace
}  // namespace podbench
