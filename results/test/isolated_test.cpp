#include "results/isolated.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <cerrno>
#include <stdexcept>

#include "base/error.hpp"

namespace podbench {
namespace {

TEST(Isolated, HandsOverFrames) {
  const Frame small = {1, 2, 3}, large(3U << 20, 7);
  const Isolated result = run_isolated(
      [&](const FrameSink& send) {
        send(small);
        send({});
        send(large);
      },
      10);
  EXPECT_EQ(result.end, Isolated::End::returned);
  EXPECT_EQ(result.frames, (std::vector<Frame>{small, {}, large}));
}

TEST(Isolated, SaysWhatWasThrown) {
  const Isolated result = run_isolated([](const FrameSink&) { throw std::runtime_error("no good"); }, 10);
  EXPECT_EQ(result.end, Isolated::End::threw);
  EXPECT_EQ(result.thrown, "no good");
}

TEST(Isolated, KeepsTheSystemsReason) {
  const Isolated result = run_isolated([](const FrameSink&) { throw RunError("disk full", ENOSPC); }, 10);
  EXPECT_EQ(result.thrown, "disk full");
  EXPECT_EQ(result.system_errno, ENOSPC);
}

TEST(Isolated, SurvivesACrash) {
  const Isolated result = run_isolated([](const FrameSink&) { ::raise(SIGSEGV); }, 10);
  EXPECT_EQ(result.end, Isolated::End::broke);
}

TEST(Isolated, EndsWhatDoesNotEnd) {
  const Isolated result = run_isolated(
      [](const FrameSink&) {
        for (std::atomic<unsigned> turns = 0;; ++turns) {
        }
      },
      1);
  EXPECT_EQ(result.end, Isolated::End::endless);
}

}  // namespace
}  // namespace podbench
