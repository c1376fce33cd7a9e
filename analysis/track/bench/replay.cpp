// Replays years of nights against track: how many false alerts a series gets in a year, and how many nights a
// planted step takes to be found, on five shapes of noise, beside E-divisive.
//
//   track_replay [SERIES] [REFERENCE_SERIES] [SEED]
//
// Every series is its own family, which is the hardest case: false discovery control over many series only
// lowers the rate. Deterministic for a seed.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "analysis/track/bench/e_divisive.hpp"
#include "analysis/track/bench/noise.hpp"
#include "analysis/track/judge.hpp"

namespace podbench::track {
namespace {

constexpr std::size_t year = 365;
constexpr double sd = 0.02, step = 1.05;
constexpr std::size_t first_step = 120, last_step = 340;

struct Planted {
  History history;
  std::vector<std::size_t> steps;  // by series: the first night of the new level; year: none
};

Planted plant(Noise noise, std::size_t series, bool with_steps, Random& random) {
  Planted planted;
  planted.history.environments.emplace_back();
  for (std::size_t night = 0; night < year; ++night)
    planted.history.nights.emplace_back();
  for (auto& values : planted.history.values_ns) values.assign(series * year, std::nan(""));
  for (std::size_t i = 0; i < series; ++i) {
    planted.history.series.push_back({{}, random.next(), 0});
    planted.steps.push_back(with_steps ? first_step + random.below(last_step - first_step) : year);
    const std::vector<double> quiet = quiet_nights(noise, year, sd, random);
    for (std::size_t night = 0; night < year; ++night)
      planted.history.values_ns[0][i * year + night] = quiet[night] * (night < planted.steps[i] ? 1 : step);
  }
  return planted;
}

struct Outcome {
  double false_alerts = 0;  // a series-year
  std::vector<std::size_t> nights;  // to find a step, by series where it was found
  double located = 0;  // share of those whose stated nights hold the true one
};

std::vector<std::size_t> sorted_delays(const Planted& planted, const std::vector<Change>& changes) {
  std::vector<std::size_t> delays(planted.steps.size(), 0);
  for (const Change& change : changes) {
    const std::size_t planted_at = planted.steps[change.series];
    std::size_t& delay = delays[change.series];
    if (change.confirmed >= planted_at && delay == 0) delay = change.confirmed - planted_at + 1;
  }
  std::erase(delays, std::size_t{0});
  std::sort(delays.begin(), delays.end());
  return delays;
}

double at_quantile(const std::vector<std::size_t>& sorted, std::size_t of, double q) {
  const auto i = static_cast<std::size_t>(q * static_cast<double>(of));
  return i < sorted.size() ? static_cast<double>(sorted[i]) : INFINITY;
}

void print_track(Noise noise, std::size_t series, const Rules& rules, Random& random) {
  const Planted quiet = plant(noise, series, false, random);
  const std::size_t alarms = judge(quiet.history, rules).changes.size();
  const Planted stepped = plant(noise, series, true, random);
  const std::vector<Change> changes = judge(stepped.history, rules).changes;
  const std::vector<std::size_t> delays = sorted_delays(stepped, changes);
  std::size_t located = 0, found = 0;
  for (const Change& change : changes) {
    const std::size_t at = stepped.steps[change.series];
    if (change.confirmed < at || change.confirmed > at + 30) continue;
    ++found;
    located += change.earliest <= at && at <= change.latest ? 1 : 0;
  }
  const auto in_four = std::upper_bound(delays.begin(), delays.end(), std::size_t{4}) - delays.begin();
  const auto all = static_cast<double>(series);
  fmt::print("{:<10} {:>9.4f} ± {:.4f} {:>7} {:>6} {:>10.0f}% {:>9.1f}% {:>9.0f}%", name_of(noise),
             static_cast<double>(alarms) / all, 2 * std::sqrt(static_cast<double>(alarms)) / all,
             at_quantile(delays, series, 0.5), at_quantile(delays, series, 0.9),
             100 * static_cast<double>(in_four) / all, 100 * static_cast<double>(delays.size()) / all,
             100 * static_cast<double>(located) / static_cast<double>(std::max<std::size_t>(found, 1)));
  std::fflush(stdout);
}

}  // namespace
}  // namespace podbench::track

int main(int argc, char** argv) {
  using namespace podbench::track;
  const auto series = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 20'000;
  const auto seed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1;
  Rules rules;
  if (argc > 4) rules.alert_p = std::atof(argv[4]);
  rules.false_discovery = 1;
  fmt::print("false alerts a series-year; a 5% step in 2% noise: nights to find it\n");
  fmt::print("{:<10} {:>18} {:>7} {:>6} {:>11} {:>10} {:>10}\n", "noise", "false", "median", "90%", "in 4", "found",
             "located");
  for (const Noise noise : all_noises) {
    podbench::Random random(seed);
    print_track(noise, series, rules, random);
    fmt::print("\n");
  }
}
