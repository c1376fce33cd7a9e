// From which size on one side wins where the other won below. Thread-safety: pure. Units: bytes, ns.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "analysis/compare/decide.hpp"
#include "analysis/compare/match.hpp"

namespace podbench::compare {

// Cases that differ in nothing but their size, ascending.
struct SizeCurve {
  std::vector<std::size_t> cases;  // indices into Matching::cases
};

// Every group of at least two sizes, in the order of the cases.
[[nodiscard]] std::vector<SizeCurve> size_curves(const Matching& matching);

struct Crossover {
  std::size_t smaller = 0, larger = 0;  // cases between which the curves cross: decided, one each way
  double bytes = 0;                     // where
  bool next_wins_above = false;         // the new side is faster from here on
};

// Where the verdict turns from faster to slower or back. Sizes in between that are equivalent or undecided do
// not count as a side's victory; among them the crossing is where the ratio passes 1, interpolated linearly
// between logarithms of sizes and of ratios. Sizes of 0 B have no logarithm and are left out.
[[nodiscard]] std::vector<Crossover> crossovers(const Matching& matching,
                                                const std::vector<Decision>& decisions);

}  // namespace podbench::compare
