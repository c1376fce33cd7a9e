// Replays years of nights against track: how many false alerts a series gets in a year, and how many nights a
// planted step takes to be found, on five shapes of noise, beside E-divisive.
//
//   track_replay [SERIES [REFERENCE_SERIES [SEED]]]        (defaults 10,000, 20 and 1)
//
// Every series is a family of its own, which is the hardest case: control of false discoveries over many
// series only lowers the rate. Steps are planted between nights 120 and 340 of a year; the first night of the
// new level counts as the first night. The reference is run every night on the newest 90 nights, as tools
// that track with it do; a change point that is not within 5 nights of one it reported before is an alert.
// Deterministic for a seed.
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
  for (std::size_t night = 0; night < year; ++night) planted.history.nights.emplace_back();
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

// What a detector did with a number of series-years.
struct Outcome {
  std::size_t series = 0, false_alerts = 0, located = 0;
  std::vector<std::size_t> nights;  // to find the step, ascending, of the series where it was found
};

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

double quantile_of(const Outcome& outcome, double q) {
  const auto i = static_cast<std::size_t>(q * static_cast<double>(outcome.series));
  return i < outcome.nights.size() ? static_cast<double>(outcome.nights[i]) : INFINITY;
}

void print(std::string_view noise, std::string_view detector, const Outcome& outcome) {
  const auto in_four = static_cast<std::size_t>(
      std::upper_bound(outcome.nights.begin(), outcome.nights.end(), std::size_t{4}) -
      outcome.nights.begin());
  fmt::print("{:<10} {:<11} {:>8.4f} ± {:.4f} {:>7} {:>5} {:>7.0f}% {:>7.1f}% {:>7.0f}%\n", noise, detector,
             share(outcome.false_alerts, outcome.series),
             2 * std::sqrt(static_cast<double>(outcome.false_alerts)) / static_cast<double>(outcome.series),
             quantile_of(outcome, 0.5), quantile_of(outcome, 0.9), 100 * share(in_four, outcome.series),
             100 * share(outcome.nights.size(), outcome.series),
             100 * share(outcome.located, outcome.nights.size()));
  std::fflush(stdout);
}

Outcome track_outcome(const Planted& quiet, const Planted& stepped, const Rules& rules) {
  Outcome outcome;
  outcome.series = quiet.steps.size();
  outcome.false_alerts = judge(quiet.history, rules).changes.size();
  std::vector<bool> found(outcome.series);
  for (const Change& change : judge(stepped.history, rules).changes) {
    const std::size_t at = stepped.steps[change.series];
    if (change.confirmed < at || found[change.series]) continue;
    found[change.series] = true;
    outcome.nights.push_back(change.confirmed - at + 1);
    outcome.located += change.earliest <= at && at <= change.latest ? 1 : 0;
  }
  std::sort(outcome.nights.begin(), outcome.nights.end());
  return outcome;
}

struct Report {
  std::size_t at, night;  // the change point, the night of its first report
};

// E-divisive, night after night on the newest nights of a series.
std::vector<Report> nightly_reference(std::span<const double> values, std::size_t from, Random& random) {
  constexpr std::size_t window = 90, slack = 5, first_night = 30;
  std::vector<Report> reports;
  for (std::size_t night = std::max(from, first_night); night < values.size(); ++night) {
    const std::size_t begin = night + 1 - std::min(window, night + 1);
    for (const std::size_t inside : e_divisive(values.subspan(begin, night + 1 - begin), {}, random)) {
      const std::size_t at = begin + inside;
      const bool known = std::any_of(reports.begin(), reports.end(), [at](const Report& report) {
        return at <= report.at + slack && report.at <= at + slack;
      });
      if (!known) reports.push_back({at, night});
    }
  }
  return reports;
}

Outcome reference_outcome(const Planted& quiet, const Planted& stepped, Random& random) {
  Outcome outcome;
  outcome.series = quiet.steps.size();
  for (std::size_t i = 0; i < outcome.series; ++i) {
    outcome.false_alerts += nightly_reference({quiet.history.row(Metric::p50, i), year}, 0, random).size();
    const std::size_t step_at = stepped.steps[i];
    for (const Report& report :
         nightly_reference({stepped.history.row(Metric::p50, i), year}, step_at, random)) {
      if (report.at + 5 < step_at) continue;
      outcome.nights.push_back(report.night - step_at + 1);
      outcome.located += report.at + 2 >= step_at && report.at <= step_at + 2 ? 1 : 0;
      break;
    }
  }
  std::sort(outcome.nights.begin(), outcome.nights.end());
  return outcome;
}

}  // namespace
}  // namespace podbench::track

int main(int argc, char** argv) {
  using namespace podbench::track;
  const auto series = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10'000;
  const auto reference = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 20;
  const auto seed = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 1;
  Rules rules;
  rules.false_discovery = 1;
  fmt::print(
      "A year of nights of 2% noise: false alerts a series-year (± two standard errors); a 5% step: nights "
      "to\n"
      "find it, share found in 4 nights and at all, share whose stated nights hold the true one (for the\n"
      "reference: within 2 nights of it).\n");
  fmt::print("{:<10} {:<11} {:>17} {:>7} {:>5} {:>8} {:>8} {:>8}\n", "noise", "detector", "false", "median",
             "90%", "in 4", "found", "located");
  for (const Noise noise : all_noises) {
    podbench::Random random(seed);
    const Planted quiet = plant(noise, series, false, random), stepped = plant(noise, series, true, random);
    print(name_of(noise), "track", track_outcome(quiet, stepped, rules));
    if (reference == 0) continue;
    const Planted few = plant(noise, reference, false, random),
                  few_stepped = plant(noise, reference, true, random);
    print(name_of(noise), "E-divisive", reference_outcome(few, few_stepped, random));
  }
}
