#include <gtest/gtest.h>

#include "base/error.hpp"
#include "transports/wrap/fault.hpp"

namespace podbench {
namespace {

TEST(FaultSpec, SeveralFaults) {
  const FaultSpec faults =
      parse_faults("flip:rank=1,after=3;pause:rank=all,after=10,ms=250;slow:rank=0,bytes_per_second=7");
  ASSERT_EQ(faults.size(), 3U);
  EXPECT_EQ(faults[0].kind, FaultKind::flip);
  EXPECT_EQ(faults[0].rank, 1);
  EXPECT_EQ(faults[0].after, 3U);
  EXPECT_EQ(faults[1].kind, FaultKind::pause);
  EXPECT_EQ(faults[1].rank, Fault::all_ranks);
  EXPECT_EQ(faults[1].span_ns, 250'000'000);
  EXPECT_EQ(faults[2].bytes_per_second, 7U);
  EXPECT_EQ(parse_faults("stretch:rank=0,percent=5").front().stretch, 0.05);
}

TEST(FaultSpec, WhatMeansNothingIsRefused) {
  for (const char* text : {"",
                           "flap:rank=1",
                           "flip",
                           "flip:",
                           "flip:after=3",
                           "flip:rank=",
                           "flip:rank=-1",
                           "flip:rank=1x",
                           "flip:rank=1000001",
                           "flip:rank=1,ns=5",
                           "delay:rank=1",
                           "delay:rank=1,ns=0",
                           "delay:rank=1,ns=60000000001",
                           "pause:rank=1,ms=99999999",
                           "slow:rank=1,bytes_per_second=",
                           "stretch:rank=1",
                           "stretch:rank=1,percent=0",
                           "kill:rank=1,after=99999999999999999999",
                           "kill:rank=1,,after=2",
                           "kill:rank=1;;"}) {
    SCOPED_TRACE(text);
    EXPECT_THROW(std::ignore = parse_faults(text), RequestError);
  }
}

TEST(FaultSpec, TheLineSaysWhatWouldBeRight) {
  try {
    std::ignore = parse_faults("dely:rank=1,ns=4");
    FAIL();
  } catch (const RequestError& error) {
    EXPECT_NE(std::string(error.what()).find("delay"), std::string::npos);
  }
}

}  // namespace
}  // namespace podbench
