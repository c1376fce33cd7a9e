// Two sides of run files compared: everything that the outputs of `podbench compare` tell. Thread-safety:
// pure. Units: ns and ratios next / base; above 1 is slower.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "analysis/compare/best.hpp"
#include "analysis/compare/crossover.hpp"
#include "analysis/compare/decide.hpp"
#include "analysis/compare/drift.hpp"
#include "analysis/compare/environment.hpp"
#include "analysis/compare/geometric_mean.hpp"
#include "analysis/compare/match.hpp"
#include "results/reader.hpp"

namespace podbench::compare {

// One figure of every case; false discoveries are counted over each by itself.
struct Metric {
  std::string_view name;       // "p50"
  std::string_view long_name;  // "median"
  double LaunchValue::*value;
};
[[nodiscard]] std::span<const Metric> metrics();
// RequestError with the known names where it is none.
[[nodiscard]] const Metric& find_metric(std::string_view name);

struct Family {
  const Metric* metric = nullptr;
  std::vector<Decision> decisions;  // one a matched case
  GeometricMean mean;
  std::vector<Crossover> crossovers;
};

// One side as it was given: its files and what they ran on, one each.
struct Side {
  std::vector<RunSummary> runs;
  std::vector<RunEnvironment> environments;
};

struct Comparison {
  std::vector<RunEnvironment> base, next;  // where it all comes from
  std::vector<EnvironmentDifference> environment;
  std::vector<Drift> drifts;  // of either side
  Matching matching;
  std::vector<Family> families;     // in the order asked for
  std::vector<BestAlgorithm> best;  // of the new side
};

// RequestError as match().
[[nodiscard]] Comparison compare(const Side& base, const Side& next, const Selection& selection,
                                 const std::vector<const Metric*>& metrics, const DecisionRules& rules = {});

// The launches of a case for a metric, as decide() takes them: independent sides.
[[nodiscard]] Sides sides_of(const MatchedCase& matched, const Metric& metric);

}  // namespace podbench::compare
