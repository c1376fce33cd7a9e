// How good the judgement is on a user's own history: replays of years made from it, with and without a
// planted step.
//
// The residuals of a series (each night over the level it was judged to be at) are drawn again in blocks of
// consecutive nights, so that their distribution and what hangs together from night to night stay as they are
// (moving block bootstrap: Künsch, "The jackknife and the bootstrap for general stationary observations",
// Annals of Statistics 17(3), 1989). Copies are judged by the same rules as the history. Thread-safety: pure;
// uses `threads` threads. Deterministic for a seed.
#pragma once

#include <cstdint>
#include <vector>

#include "analysis/track/judge.hpp"

namespace podbench::track {

struct SelfTestRequest {
  std::size_t series_years =
      2'000;  // of each kind; spread over the series, which repeat where they are fewer
  std::vector<double> steps = {1.02, 1.05, 1.10};
  std::uint64_t seed = 1;
  unsigned threads = 2;
};

struct StepFound {
  double step = 1;                          // the level after it over that before
  double found = 0;                         // share found within the nights that were left
  double median_nights = 0, nights_90 = 0;  // to find it; infinite where fewer were found
};

struct SelfTest {
  std::size_t series = 0;                // that had enough nights to be copied
  std::size_t series_years = 0;          // replayed without a step
  double false_alerts = 0;               // a series-year
  double false_low = 0, false_high = 0;  // its 95% interval (Garwood 1936)
  std::vector<StepFound> steps;
};

// Too few nights to copy: series is 0.
[[nodiscard]] SelfTest self_test(const History& history, const Judgement& judgement, const Rules& rules,
                                 const SelfTestRequest& request);

[[nodiscard]] std::string self_test_text(const SelfTest& result);

}  // namespace podbench::track
