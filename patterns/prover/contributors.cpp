#include "patterns/prover/contributors.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace podbench::prover {

std::optional<Contributors::Set> Contributors::unite(Set a, Set b) {
  if (a.length != 0 && b.length != 0) {
    // Two runs: where b begins, and where a begins, seen from the other's begin.
    const std::uint32_t b_after_a = b.first >= a.first ? b.first - a.first : b.first + ranks_ - a.first;
    const std::uint32_t a_after_b = b_after_a == 0 ? 0 : ranks_ - b_after_a;
    if (b_after_a < a.length || a_after_b < b.length) return std::nullopt;
    const std::uint32_t length = a.length + b.length;
    if (length == ranks_) return everybody();
    if (b_after_a == a.length) return Set{a.first, length};
    if (a_after_b == b.length) return Set{b.first, length};
  }
  const auto [known, added] = united_.try_emplace({std::min(a, b), std::max(a, b)});
  if (added) known->second = unite_runs(a, b);
  return known->second;
}

std::optional<Contributors::Set> Contributors::unite_runs(Set a, Set b) {
  const Runs left = runs_of(a), right = runs_of(b);
  Runs both;
  std::ranges::merge(left, right, std::back_inserter(both));
  Runs joined;
  for (const Run& run : both) {
    if (!joined.empty() && run.begin < joined.back().end) return std::nullopt;
    if (!joined.empty() && run.begin == joined.back().end)
      joined.back().end = run.end;
    else
      joined.push_back(run);
  }
  return name_of(joined);
}

Contributors::Runs Contributors::runs_of(Set set) const {
  if (set.length == 0) return pool_[set.first];
  const std::uint32_t end = set.first + set.length;
  if (end <= ranks_) return {{set.first, end}};
  return {{0, end - ranks_}, {set.first, ranks_}};
}

Contributors::Set Contributors::name_of(const Runs& runs) {
  if (runs.size() == 1) return {runs[0].begin, runs[0].end - runs[0].begin};
  if (runs.size() == 2 && runs[0].begin == 0 && runs[1].end == ranks_)
    return {runs[1].begin, ranks_ - runs[1].begin + runs[0].end};
  const auto [known, added] = names_.try_emplace(runs, static_cast<std::uint32_t>(pool_.size()));
  if (added) pool_.push_back(runs);
  return {known->second, 0};
}

std::string Contributors::describe(Set set) const {
  std::string text;
  for (const Run& run : runs_of(set)) {
    if (!text.empty()) text += " and ";
    text += run.end - run.begin == 1 ? fmt::format("{}", run.begin)
                                     : fmt::format("{}-{}", run.begin, run.end - 1);
  }
  return (text.find_first_not_of("0123456789") == std::string::npos ? "rank " : "ranks ") + text;
}

}  // namespace podbench::prover
