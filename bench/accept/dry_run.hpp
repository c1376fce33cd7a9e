// What an acceptance would run, and how long that should take.
// Thread-safety: pure. Units: in the names.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "bench/accept/plan.hpp"

namespace podbench::accept {

struct StageForecast {
  Stage stage = Stage::inventory;
  int launches = 0, most_launches = 0;  // up to the first look; up to the last, while it is inconclusive
  std::int64_t expected_ns = 0, most_ns = 0;
  std::vector<std::string> cases;  // by name
};

[[nodiscard]] std::vector<StageForecast> forecast(const Planner& planner, std::span<const Stage> stages,
                                                  std::int64_t soak_ns, int most_launches);

[[nodiscard]] std::string forecast_text(std::span<const StageForecast> stages, bool colour,
                                        int width_columns);
[[nodiscard]] std::string forecast_json(std::span<const StageForecast> stages);
[[nodiscard]] std::string forecast_csv(std::span<const StageForecast> stages);

}  // namespace podbench::accept
