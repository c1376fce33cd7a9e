// Who is slow with whom: the median over launches of each rank's time with each other, and how unlike
// launches are.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/report/run/parts.hpp"
#include "analysis/statistics.hpp"

namespace podbench::report {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

// Ranks under the names of their hosts; where every rank has a host of its own, the host alone.
std::vector<std::string> rank_names(const Run& run, int launch, std::size_t ranks) {
  std::vector<std::string> names;
  const auto found = std::find_if(run.launches.begin(), run.launches.end(),
                                  [launch](const LaunchRecord& record) { return record.launch == launch; });
  for (std::size_t rank = 0; rank < ranks; ++rank) {
    const bool known = found != run.launches.end() && rank < found->hosts.size();
    names.push_back(known ? fmt::format("{}:{}", found->hosts[rank], rank) : fmt::format("rank {}", rank));
  }
  return names;
}

struct Collected {
  std::vector<double> median, spread;  // over the launches; spread is largest over smallest
  std::size_t launches = 0, ranks = 0;
};

Collected collect(const std::vector<const CaseRecord*>& records) {
  Collected collected;
  for (const CaseRecord* record : records)
    collected.ranks = std::max(collected.ranks, static_cast<std::size_t>(record->key.ranks));
  const std::size_t cells = collected.ranks * collected.ranks;
  std::vector<std::vector<double>> values(cells);
  for (const CaseRecord* record : records) {
    if (record->matrix.size() != cells) continue;
    ++collected.launches;
    for (std::size_t i = 0; i < cells; ++i)
      if (std::isfinite(record->matrix[i])) values[i].push_back(record->matrix[i]);
  }
  for (std::vector<double>& cell : values) {
    std::sort(cell.begin(), cell.end());
    collected.median.push_back(quantile(cell, 0.5));
    collected.spread.push_back(cell.size() > 1 && cell.front() > 0 ? cell.back() / cell.front() : nothing);
  }
  return collected;
}

void add_maps(Page& page, const ShownCase& one, const std::string& label) {
  const Collected collected = collect(one.records);
  if (collected.launches == 0) return;
  const auto names = rank_names(one.run->run, one.records.front()->launch, collected.ranks);
  const bool several = collected.launches > 1;
  page.add(HeatMap{.title = label,
                   .note = fmt::format(
                       "Median time of one operation{}. Row: the rank whose time it is; column: its partner.",
                       several ? fmt::format(" over {} launches", collected.launches) : ""),
                   .rows = names,
                   .columns = names,
                   .values = collected.median,
                   .unit = Unit::time_ns});
  if (!several) return;
  page.add(HeatMap{.title = label + ": unlike launches",
                   .note = "Slowest launch over fastest: a pair far above 1 is not slow but unsteady.",
                   .rows = names,
                   .columns = names,
                   .values = collected.spread,
                   .unit = Unit::ratio});
}

}  // namespace

void add_matrices(Page& page, const std::vector<ShownCase>& cases) {
  std::vector<ShownCase> with;
  for (const ShownCase& one : cases)
    if (std::any_of(one.records.begin(), one.records.end(),
                    [](const CaseRecord* r) { return !r->matrix.empty(); }))
      with.push_back(one);
  if (with.empty()) return;
  page.section(
      "Pairs",
      "What is slow has the strongest colour. Point at a cell, or move with the arrow keys, to read it.");
  const auto keys = differing_keys(with);
  for (const ShownCase& one : with) {
    const std::string label = label_of(one, keys);
    add_maps(page, one, label.empty() ? one.summary->key.name() : label);
  }
}

}  // namespace podbench::report
