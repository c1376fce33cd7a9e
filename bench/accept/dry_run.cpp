#include "bench/accept/dry_run.hpp"

#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>

#include "analysis/accept/acceptance.hpp"
#include "analysis/text_table.hpp"
#include "bench/accept/stage_progress.hpp"

namespace podbench::accept {
namespace {

// Processes, connections and what the nodes say of themselves, before and after.
constexpr std::int64_t start_ns = 1'500'000'000;

std::string launches_of(const StageForecast& stage) {
  if (stage.stage == Stage::inventory) return "1";
  if (stage.stage == Stage::soak) return fmt::format("about {}", stage.launches);
  return fmt::format("{}, at most {}", stage.launches, stage.most_launches);
}

std::string time_of(const StageForecast& stage) {
  if (stage.most_ns == stage.expected_ns) return about(stage.expected_ns);
  return fmt::format("{}, at most {}", about(stage.expected_ns), about(stage.most_ns));
}

}  // namespace

std::vector<StageForecast> forecast(const Planner& planner, std::span<const Stage> stages,
                                    std::int64_t soak_ns, int most_launches) {
  std::vector<StageForecast> all;
  for (const Stage stage : stages) {
    StageForecast one{stage, 1, 1, start_ns, start_ns, {}};
    std::int64_t launch_ns = 0;
    for (const PlannedSection& section : planner.replicate(stage)) {
      launch_ns += section.expected_ns;
      for (const PlannedCase& planned : section.launch.cases) one.cases.push_back(podbench::name_of(planned));
    }
    if (stage == Stage::soak) {
      one.launches = one.most_launches = static_cast<int>(launch_ns == 0 ? 0 : soak_ns / launch_ns);
      one.expected_ns = one.most_ns = soak_ns;
    } else if (stage != Stage::inventory) {
      one.launches = one.cases.empty() ? 0 : *std::begin(looks);
      one.most_launches = one.cases.empty() ? 0 : most_launches;
      one.expected_ns = one.launches * launch_ns;
      one.most_ns = one.most_launches * launch_ns;
    }
    all.push_back(std::move(one));
  }
  return all;
}

std::string forecast_text(std::span<const StageForecast> stages, bool colour, int width_columns) {
  std::vector<TextColumn> columns{
      {"stage", false, 0, {}}, {"launches", true, 0, {}}, {"cases", true, 0, {}}, {"time", false, 0, {}}};
  std::int64_t expected_ns = 0, most_ns = 0;
  std::string names;
  for (const StageForecast& stage : stages) {
    columns[0].cells.push_back({std::string(name_of(stage.stage))});
    columns[1].cells.push_back({launches_of(stage)});
    columns[2].cells.push_back({fmt::format("{}", stage.cases.size())});
    columns[3].cells.push_back({time_of(stage)});
    expected_ns += stage.expected_ns;
    most_ns += stage.most_ns;
    for (const std::string& name : stage.cases) names += name + "\n";
  }
  return fmt::format("{}\n{}\nall: {} where nothing stays inconclusive, at most {}\n", names,
                     render(std::move(columns), colour, width_columns), about(expected_ns), about(most_ns));
}

std::string forecast_json(std::span<const StageForecast> stages) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  double expected_s = 0, most_s = 0;
  for (const StageForecast& stage : stages) {
    all.push_back({{"stage", name_of(stage.stage)},
                   {"launches", stage.launches},
                   {"most_launches", stage.most_launches},
                   {"expected_seconds", static_cast<double>(stage.expected_ns) * 1e-9},
                   {"most_seconds", static_cast<double>(stage.most_ns) * 1e-9},
                   {"cases", stage.cases}});
    expected_s += static_cast<double>(stage.expected_ns) * 1e-9;
    most_s += static_cast<double>(stage.most_ns) * 1e-9;
  }
  const nlohmann::ordered_json document{
      {"stages", std::move(all)}, {"expected_seconds", expected_s}, {"most_seconds", most_s}};
  return document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string forecast_csv(std::span<const StageForecast> stages) {
  std::string text = "stage,launches,most_launches,cases,expected_seconds,most_seconds\n";
  for (const StageForecast& stage : stages)
    text +=
        fmt::format("{},{},{},{},{:.3f},{:.3f}\n", name_of(stage.stage), stage.launches, stage.most_launches,
                    stage.cases.size(), static_cast<double>(stage.expected_ns) * 1e-9,
                    static_cast<double>(stage.most_ns) * 1e-9);
  return text;
}

}  // namespace podbench::accept
