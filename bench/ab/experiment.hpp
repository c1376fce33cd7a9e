// Everything about an `ab` that is decided before its first launch.
// Thread-safety: values; pure but for what is said. Errors: RequestError, one line.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/ab/matching.hpp"
#include "bench/ab/plan_document.hpp"
#include "bench/ab/schedule.hpp"
#include "bench/ab/side.hpp"

namespace podbench {

struct PlannedSide {
  Side side;
  PlannedRun run;
};

struct Experiment {
  PlannedSide a, b;
  Matching matching;
  std::uint64_t seed = 0;
  std::vector<PairPlan> pairs;  // as many as there will be at most
  std::vector<int> looks;       // after so many pairs it is asked whether all is decided

  [[nodiscard]] const PlannedSide& side(char letter) const { return letter == 'a' ? a : b; }
  [[nodiscard]] int most_pairs() const { return static_cast<int>(pairs.size()); }
  // Of both sides for all pairs.
  [[nodiscard]] std::int64_t expected_ns() const;
};

// Which cases answer each other, in which order all runs, when it is looked at.
[[nodiscard]] Experiment design(PlannedSide a, PlannedSide b, std::uint64_t seed, int least, int most);

// What the run file of a side keeps as its configuration, TOML: both sides' words and programs, the seed, the
// order of every pair's halves, how launches are numbered.
[[nodiscard]] std::string configuration_of(const Experiment& experiment, char letter);

}  // namespace podbench
