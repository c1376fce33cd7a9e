#include "results/isolated.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <stdexcept>

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
  EXPECT_EQ(result.trouble, "");
  EXPECT_EQ(result.frames, (std::vector<Frame>{small, {}, large}));
}

TEST(Isolated, SaysWhatWasThrown) {
  const Isolated result = run_isolated([](const FrameSink&) { throw std::runtime_error("no good"); }, 10);
  EXPECT_EQ(result.trouble, "no good");
}

TEST(Isolated, SurvivesACrash) {
  const Isolated result = run_isolated([](const FrameSink&) { ::raise(SIGSEGV); }, 10);
  EXPECT_NE(result.trouble.find("damaged"), std::string::npos);
}

TEST(Isolated, EndsWhatDoesNotEnd) {
  const Isolated result = run_isolated(
      [](const FrameSink&) {
        for (std::atomic<unsigned> turns = 0;; ++turns) {
        }
      },
      1);
  EXPECT_NE(result.trouble.find("does not come to an end"), std::string::npos);
}

}  // namespace
}  // namespace podbench
