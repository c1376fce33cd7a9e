#include "analysis/track/group.hpp"

#include <gtest/gtest.h>

#include "analysis/track/bench/noise.hpp"
#include "analysis/track/test/planted.hpp"
#include "analysis/track/words.hpp"
#include "base/random.hpp"

namespace podbench::track {
namespace {

using test::planted;
using test::PlantedSeries;

TEST(Group, SeriesThatMoveTogetherAreOneAlertAndItsTransportIsNamed) {
  std::vector<PlantedSeries> series;
  for (const char* const pattern : {"allreduce", "alltoall", "pingpong"}) {
    for (int i = 0; i < 4; ++i) {
      series.push_back({.transport = "beta", .pattern = pattern, .change = 150, .ratio = 1.2});
      series.push_back({.transport = "alpha", .pattern = pattern});
    }
  }
  const History history = planted(190, series);
  const Judgement judgement = judge(history, {});
  ASSERT_EQ(judgement.changes.size(), 12U);
  ASSERT_EQ(judgement.alerts.size(), 1U);
  const CommonGround ground = common_ground(history, judgement, judgement.alerts.front());
  ASSERT_FALSE(ground.factors.empty());
  EXPECT_EQ(ground.factors.front().name, "transport");
  EXPECT_EQ(ground.factors.front().value, "beta");
  EXPECT_EQ(ground.factors.front().moved, 12U);
  EXPECT_EQ(ground.factors.front().with_value, 12U);
  EXPECT_EQ(ground_text(ground), "transport beta: 12 of its 12 series");
}

TEST(Group, TheyRaiseOneAlertThoughSomeAreConfirmedLater) {
  const std::vector<PlantedSeries> series = {{.change = 150, .ratio = 1.3}, {.change = 150, .ratio = 1.045}};
  const Judgement judgement = judge(planted(190, series, 0.02, 2), {});
  ASSERT_EQ(judgement.changes.size(), 2U);
  EXPECT_LT(judgement.changes[0].confirmed, judgement.changes[1].confirmed);
  ASSERT_EQ(judgement.alerts.size(), 1U);
  EXPECT_EQ(judgement.alerts.front().raised, judgement.changes[0].confirmed);
}

TEST(Group, OtherDirectionsAndOtherNightsAreOtherAlerts) {
  const std::vector<PlantedSeries> series = {
      {.change = 150, .ratio = 1.3}, {.change = 150, .ratio = 0.7}, {.change = 120, .ratio = 1.3}};
  EXPECT_EQ(judge(planted(190, series), {}).alerts.size(), 3U);
}

TEST(Group, NothingInCommonIsAnotherAlert) {
  const std::vector<PlantedSeries> series = {
      {.transport = "alpha", .pattern = "allreduce", .change = 150, .ratio = 1.3},
      {.transport = "beta", .pattern = "pingpong", .change = 150, .ratio = 1.3}};
  History history = planted(190, series);
  EXPECT_EQ(judge(history, {}).alerts.size(), 2U);
  // Unless they always went up and down together.
  Random random(5);
  for (std::size_t night = 0; night < 190; ++night) {
    const double together = 1 + 0.03 * standard_normal(random);
    history.values_ns[0][night] *= together;
    history.values_ns[0][190 + night] *= together;
  }
  EXPECT_EQ(judge(history, {}).alerts.size(), 1U);
}

}  // namespace
}  // namespace podbench::track
