#include "bench/ab/child.hpp"

#include <gtest/gtest.h>

#include <csignal>

#include "base/clock.hpp"

namespace podbench {
namespace {

using namespace std::chrono_literals;

ChildResult run_shell(const std::string& script, std::chrono::nanoseconds patience = 60s,
                      const std::map<std::string, std::string>& environment = {}) {
  const SignalReader signals;
  return run_child({"sh", "-c", script}, environment, patience, signals);
}

TEST(Child, ItsOutputAndLastWordsAreKept) {
  const ChildResult result =
      run_shell("echo out $MARK; echo first >&2; echo 'podbench: last' >&2; exit 3", 60s, {{"MARK", "here"}});
  EXPECT_TRUE(result.exited_with(3));
  EXPECT_FALSE(result.exited_with(0));
  EXPECT_EQ(result.output, "out here\n");
  EXPECT_EQ(result.reason(), "last");
}

TEST(Child, WithoutWordsItsEndIsTheReason) {
  EXPECT_EQ(run_shell("exit 4").reason(), "exit code 4");
  const ChildResult killed = run_shell("kill -9 $$");
  EXPECT_FALSE(killed.exited_with(0));
  EXPECT_NE(killed.reason().find("signal 9"), std::string::npos) << killed.reason();
}

TEST(Child, WhoeverTakesTooLongIsEnded) {
  for (const char* script : {"sleep 600", "yes"}) {
    SCOPED_TRACE(script);
    const ChildResult result = run_shell(std::string("exec ") + script, 100ms);
    EXPECT_TRUE(result.too_late);
    EXPECT_FALSE(result.exited_with(0));
    EXPECT_EQ(result.end.signal, SIGTERM);
    EXPECT_LE(result.output.size(), 64U << 20);
  }
}

TEST(Child, ASignalToUsEndsIt) {
  const SignalReader signals;
  raise(SIGINT);  // waits in the reader until somebody looks
  const ChildResult result = run_child({"sleep", "600"}, {}, 60s, signals);
  EXPECT_EQ(result.signal, SIGINT);
  EXPECT_EQ(result.end.signal, SIGTERM);
  EXPECT_NE(result.reason().find("signal 2"), std::string::npos);
}

}  // namespace
}  // namespace podbench
