// How a comparison's numbers and names read, the same in every output. Thread-safety: pure.
#pragma once

#include <string>

#include "analysis/compare/comparison.hpp"
#include "analysis/text_table.hpp"

namespace podbench::compare {

[[nodiscard]] std::string ratio_text(double ratio);                // "1.051"; "-" where there is none
[[nodiscard]] std::string interval_text(double lo, double hi);     // "1.032 to 1.070"
[[nodiscard]] std::string verdict_text(const Decision& decision);  // "undecided, needs 14"
[[nodiscard]] Tone tone_of(Verdict verdict);
[[nodiscard]] std::string about_bytes(double bytes);                            // "about 12.3 KiB"
[[nodiscard]] std::string counts_text(const std::vector<Decision>& decisions);  // "1 slower, 23 equivalent"
[[nodiscard]] std::string mean_text(const GeometricMean& mean);                 // "1.002 (0.998 to 1.006)"
[[nodiscard]] std::string crossover_text(const Crossover& crossover, const Matching& matching);
[[nodiscard]] std::string difference_text(const EnvironmentDifference& difference);  // one line
[[nodiscard]] std::string drift_text(const Drift& drift);                            // one line
// "base.h5: 6 launches, 2026-11-21T10:00:00Z, podbench 0.1.0 (ea50b5c)"
[[nodiscard]] std::string source_text(const RunEnvironment& run);

}  // namespace podbench::compare
