#include "bench/accept/dry_run.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "bench/accept/stage_progress.hpp"
#include "bench/accept/test/sample_pod.hpp"

namespace podbench::accept {
namespace {

constexpr std::int64_t hour_ns = 3'600'000'000'000;

std::vector<StageForecast> forecast_of(const Pod& pod) {
  const Planner planner(pod, "tcp", "shm", Places(pod, Places::wanted_hosts(pod)));
  return forecast(planner, all_stages, hour_ns, 40);
}

TEST(DryRun, LooksDecideTheLaunches) {
  const Pod pod = leaf_spine(4, 2);
  for (const StageForecast& stage : forecast_of(pod)) {
    if (stage.stage == Stage::inventory || stage.stage == Stage::soak) continue;
    EXPECT_EQ(stage.launches, 10) << name_of(stage.stage);
    EXPECT_EQ(stage.most_launches, 40);
    EXPECT_EQ(stage.most_ns, 4 * stage.expected_ns);
    EXPECT_GT(stage.expected_ns, 0);
  }
}

TEST(DryRun, ASoakTakesItsTime) {
  const Pod pod = leaf_spine(4, 2);
  const StageForecast soak = forecast_of(pod).back();
  EXPECT_EQ(soak.stage, Stage::soak);
  EXPECT_EQ(soak.expected_ns, hour_ns);
  EXPECT_GT(soak.launches, 100);
}

TEST(DryRun, TheDocumentAddsUp) {
  const Pod pod = leaf_spine(4, 2);
  const auto document = nlohmann::json::parse(forecast_json(forecast_of(pod)));
  double total = 0;
  for (const auto& stage : document.at("stages")) total += stage.at("expected_seconds").get<double>();
  EXPECT_EQ(document.at("stages").size(), all_stages.size());
  EXPECT_NEAR(document.at("expected_seconds").get<double>(), total, 1e-9);
}

TEST(DryRun, TimesInWords) {
  EXPECT_EQ(about(200'000'000), "less than 1 s");
  EXPECT_EQ(about(19'600'000'000), "about 20 s");
  EXPECT_EQ(about(300'000'000'000), "about 5 min");
  EXPECT_EQ(about(2 * hour_ns + hour_ns / 2), "about 2.5 h");
}

}  // namespace
}  // namespace podbench::accept
