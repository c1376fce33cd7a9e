#include "analysis/accept/fleet.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace podbench::accept {
namespace {

// All pairs of `nodes`, those of node `sick` with a badness of 1, the others around 0.
std::vector<FleetMember> pairs(int nodes, int sick) {
  std::vector<FleetMember> members;
  for (int a = 0; a < nodes; ++a)
    for (int b = a + 1; b < nodes; ++b)
      members.push_back({{a, b}, a == sick || b == sick ? 1.0 : 0.001 * (a - b)});
  return members;
}

TEST(Fleet, OneSickNodeMovesNothing) {
  for (int nodes = 3; nodes <= 9; ++nodes)
    for (int sick = 0; sick < nodes; ++sick) {
      const Fleet fleet = fleet_of(pairs(nodes, sick));
      EXPECT_NEAR(fleet.centre, 0, 0.01) << nodes << " nodes, sick " << sick;
      EXPECT_LT(fleet.spread, 0.02);
      EXPECT_LT(fleet.limit(0.05), 0.1);
    }
}

TEST(Fleet, ANoisyFleetHasAWiderLimit) {
  std::vector<FleetMember> members;
  for (int n = 0; n < 41; ++n) members.push_back({{n}, 0.01 * (n - 20)});  // from -0.2 to 0.2
  EXPECT_GT(fleet_of(members).limit(0.05), 0.5);
  for (FleetMember& member : members) member.badness /= 1'000;
  EXPECT_NEAR(fleet_of(members).limit(0.05), std::log(1.05), 0.001);
}

TEST(Fleet, IsNotJudgedMoreFinelyThanALaunchScatters) {
  std::vector<FleetMember> members;
  const std::vector<double> noisy = {1, 1.3, 0.8, 1.1, 0.7, 1.2, 0.9, 1.4, 1, 1};
  for (int n = 0; n < 8; ++n) members.push_back(member_of({n}, noisy));
  EXPECT_NEAR(members.front().badness, 0, 1e-9);
  EXPECT_GT(fleet_of(members).limit(0.05), 4 * 0.1);
  EXPECT_TRUE(fleet_of(members).doubts(0.1));
  EXPECT_FALSE(fleet_of(members).doubts(2));
  EXPECT_FALSE(Fleet{}.doubts(0.001));
}

}  // namespace
}  // namespace podbench::accept
