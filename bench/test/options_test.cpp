#include "bench/options/options.hpp"

#include <gtest/gtest.h>

namespace podbench {
namespace {

Invocation parse(std::vector<const char*> words) {
  words.insert(words.begin(), "podbench");
  return parse_command_line(static_cast<int>(words.size()), words.data());
}

TEST(Options, RunTakesListsAndPassesBenchmarkFlagsOn) {
  const Invocation invocation =
      parse({"run", "--transport", "shm,tcp", "--pattern", "pingpong", "bandwidth", "--bytes", "8,64Ki",
             "--benchmark_out=x.json", "--time-per-case", "500ms"});
  const auto& request = std::get<RunRequest>(invocation);
  EXPECT_EQ(request.cases.transports, (std::vector<std::string>{"shm", "tcp"}));
  EXPECT_EQ(request.cases.patterns, (std::vector<std::string>{"pingpong", "bandwidth"}));
  EXPECT_EQ(request.cases.bytes, std::vector<std::string>{"8,64Ki"});
  EXPECT_EQ(request.benchmark_flags, std::vector<std::string>{"--benchmark_out=x.json"});
  EXPECT_EQ(request.time_per_case_ns, 500'000'000);
}

TEST(Options, WrongWordsAreOneLine) {
  for (const std::vector<const char*>& words : {std::vector<const char*>{},
                                                {"rum"},
                                                {"run"},
                                                {"run", "--sute", "smoke"},
                                                {"run", "--suite", "smoke", "--pattern", "x"},
                                                {"run", "--pattern", "x", "--launches", "0"},
                                                {"run", "--pattern", "x", "--time-per-case", "2"},
                                                {"list", "transport"},
                                                {"show"},
                                                {"export", "x.h5"},
                                                {"show", "x.h5", "--format", "xml"}}) {
    try {
      (void)parse(words);
      ADD_FAILURE() << "accepted: " << testing::PrintToString(words);
    } catch (const RequestError& error) {
      EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    }
  }
}

TEST(Options, TheFirstUnknownOptionIsNamed) {
  try {
    (void)parse({"run", "--transprot=tcp", "--ranks", "2", "--more"});
    ADD_FAILURE() << "accepted";
  } catch (const RequestError& error) {
    const std::string said = error.what();
    EXPECT_TRUE(
        said.starts_with("unknown option of run \"--transprot\"; did you mean \"--transport\"? known: "))
        << said;
  }
}

}  // namespace
}  // namespace podbench
