#include "analysis/compare/crossover.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace podbench::compare {
namespace {

bool is_decided(const Decision& decision) {
  return decision.verdict == Verdict::faster || decision.verdict == Verdict::slower;
}

double log_bytes(const MatchedCase& matched) {
  return std::log(static_cast<double>(matched.base_key.bytes));
}

// The first passage of the ratio through 1 from `first` to `last`, which lie on either side of it.
double crossing(const std::vector<std::size_t>& sizes, std::size_t first, std::size_t last,
                const Matching& matching, const std::vector<Decision>& decisions) {
  for (std::size_t i = first; i < last; ++i) {
    const double here = std::log(decisions[sizes[i]].ratio), there = std::log(decisions[sizes[i + 1]].ratio);
    if (std::signbit(here) == std::signbit(there)) continue;
    const double share = here / (here - there);
    return std::exp(
        std::lerp(log_bytes(matching.cases[sizes[i]]), log_bytes(matching.cases[sizes[i + 1]]), share));
  }
  return std::exp(log_bytes(matching.cases[sizes[last]]));
}

void add_crossovers(const SizeCurve& curve, const Matching& matching, const std::vector<Decision>& decisions,
                    std::vector<Crossover>& found) {
  std::vector<std::size_t> sizes = curve.cases;
  std::erase_if(sizes, [&](std::size_t at) { return matching.cases[at].base_key.bytes == 0; });
  std::size_t last = sizes.size();  // the last decided one
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (!is_decided(decisions[sizes[i]])) continue;
    const bool turns = last < sizes.size() && decisions[sizes[last]].verdict != decisions[sizes[i]].verdict;
    if (turns)
      found.push_back({sizes[last], sizes[i], crossing(sizes, last, i, matching, decisions),
                       decisions[sizes[i]].verdict == Verdict::faster});
    last = i;
  }
}

}  // namespace

std::vector<SizeCurve> size_curves(const Matching& matching) {
  static const std::vector<std::string> size = {"bytes"};
  std::map<std::pair<std::vector<std::string>, std::vector<std::string>>, std::size_t> place;
  std::vector<SizeCurve> curves;
  for (std::size_t i = 0; i < matching.cases.size(); ++i) {
    const MatchedCase& matched = matching.cases[i];
    // Where sizes themselves were selected against each other there is no axis to draw along.
    if (matched.base_key.bytes != matched.next_key.bytes) continue;
    const auto [entry, is_new] = place.try_emplace(
        {key_without(matched.base_key, size), key_without(matched.next_key, size)}, curves.size());
    if (is_new) curves.emplace_back();
    curves[entry->second].cases.push_back(i);
  }
  for (SizeCurve& curve : curves)
    std::sort(curve.cases.begin(), curve.cases.end(), [&](std::size_t a, std::size_t b) {
      return matching.cases[a].base_key.bytes < matching.cases[b].base_key.bytes;
    });
  std::erase_if(curves, [](const SizeCurve& curve) { return curve.cases.size() < 2; });
  return curves;
}

std::vector<Crossover> crossovers(const Matching& matching, const std::vector<Decision>& decisions) {
  std::vector<Crossover> found;
  for (const SizeCurve& curve : size_curves(matching)) add_crossovers(curve, matching, decisions, found);
  return found;
}

}  // namespace podbench::compare
