// Stage 5: collectives against the ceiling that the links leave them.
//
// A ceiling holds for every algorithm: each rank must send what the pattern's lower bound says (CaseRecord::
// bound_bytes) to somebody; to its next neighbour in rank order it crosses every link of a tree or Clos
// network as rarely as a ring can. Personal data has no such choice: all-to-all, gather, scatter and incast
// are the flows that they are. The most loaded link direction then decides (routes.hpp, least_seconds).
#include "analysis/accept/scale.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>

#include "analysis/accept/checks.hpp"
#include "analysis/accept/flow_sets.hpp"
#include "analysis/accept/stage_judges.hpp"
#include "analysis/statistics.hpp"
#include "base/quantity.hpp"

namespace podbench::accept {
namespace {

// A rank that enters so much of an operation's time after the others came late.
constexpr double late_share = 0.05;

std::vector<Flow> flows_of(const CaseSeries& series, std::span<const Place> places) {
  const std::string& pattern = series.key.pattern;
  const int ranks = series.key.ranks;
  const long given = std::strtol(std::string(option(series.key, "root")).c_str(), nullptr, 10);
  const int root = given > 0 && given < ranks ? static_cast<int>(given) : 0;
  const double bytes = static_cast<double>(series.key.bytes), bound = series.launches.front()->bound_bytes;
  std::vector<Flow> flows;
  const auto add = [&](int from, int to, double amount) {
    const Place &a = places[static_cast<std::size_t>(from)], &b = places[static_cast<std::size_t>(to)];
    if (a.node != b.node) flows.push_back({a.node, b.node, a.rail, b.rail, amount});
  };
  const bool to_root = pattern == "gather" || pattern == "incast",
             from_root = pattern == "scatter" || pattern == "outcast";
  const int sharers = pattern == "incast" || pattern == "outcast" ? ranks - 1 : ranks;
  for (int rank = 0; rank < ranks; ++rank) {
    if (pattern == "alltoall")
      for (int other = 0; other < ranks; ++other) add(rank, other, other == rank ? 0 : bytes / ranks);
    else if (to_root && rank != root)
      add(rank, root, bytes / sharers);
    else if (from_root && rank != root)
      add(root, rank, bytes / sharers);
    else if (!to_root && !from_root && ranks > 1)
      add(rank, (rank + 1) % ranks, bound);
  }
  return flows;
}

// The node whose rank entered last, in words, where that was late; over all launches.
std::string late_node(const RunView& view, const CaseSeries& series) {
  std::map<int, std::size_t> late;
  double most_s = 0;
  for (const CaseRecord* record : series.launches) {
    if (record->entry_ns.size() != static_cast<std::size_t>(series.key.ranks)) continue;
    const auto last = std::max_element(record->entry_ns.begin(), record->entry_ns.end());
    std::vector<double> entries(record->entry_ns.begin(), record->entry_ns.end());
    const double behind_s = (static_cast<double>(*last) - median(std::move(entries))) / 1e9;
    if (behind_s <= late_share * median_seconds(*record)) continue;
    ++late[view.places(record->launch)[static_cast<std::size_t>(last - record->entry_ns.begin())].node];
    most_s = std::max(most_s, behind_s);
  }
  for (const auto& [node, times] : late)
    if (2 * times > series.launches.size())
      return fmt::format("{} enters up to {} late: it arrived late, the network is not slow", view.name(node),
                         number_text(most_s, "s"));
  return "";
}

}  // namespace

std::string name_of(const CaseSeries& series) {
  const std::string_view part = option(series.key, "part");
  const std::string where = part.empty() || part == "pod" ? "the pod" : std::string(part);
  return fmt::format("{}/{} {} on {}, {} ranks", series.key.pattern, series.key.algorithm,
                     format_bytes(series.key.bytes), where, series.key.ranks);
}

bool timed(const CaseSeries& series) {
  return std::all_of(series.launches.begin(), series.launches.end(),
                     [](const CaseRecord* record) { return median_seconds(*record) > 0; });
}

double ceiling_seconds(const RunView& view, const CaseSeries& series) {
  const std::vector<Flow> flows = flows_of(series, view.places(series));
  return flows.empty() ? 0 : least_seconds(view.pod(), flows);
}

StageReport judge_scale(const RunView& view) {
  StageReport report;
  report.stage = Stage::scale;
  std::vector<CaseSeries> all = view.series(Stage::scale);
  std::erase_if(all, [](const CaseSeries& series) { return !timed(series); });
  if (view.records(Stage::scale).empty()) return report;
  std::map<std::string, std::uint64_t> largest;  // a ceiling of bytes says something where bytes decide
  for (const CaseSeries& series : all) {
    std::uint64_t& most = largest[series.key.pattern + "/" + std::string(option(series.key, "part"))];
    most = std::max(most, series.key.bytes);
  }
  std::map<std::string, std::size_t> measured;
  for (const CaseSeries& series : all) {
    const std::string part(option(series.key, "part"));
    ++measured[part.empty() ? "pod" : part];
    const std::string late = late_node(view, series);
    if (!late.empty()) report.notes.push_back(fmt::format("{}: {}", name_of(series), late));
    const double least = ceiling_seconds(view, series);
    if (!(least > 0) || series.key.bytes < largest[series.key.pattern + "/" + part]) continue;
    std::vector<double> shares;
    for (const CaseRecord* record : series.launches) shares.push_back(least / median_seconds(*record));
    if (!view.pod().limits.share_of_ceiling) {
      report.checks.push_back(unlimited_check(name_of(series), "share of the ceiling", "ratio",
                                              median(shares), series.launches.size(), "share_of_ceiling"));
      continue;
    }
    Check check = check_of({name_of(series), "share of the ceiling", "ratio", Limit::at_least,
                            *view.pod().limits.share_of_ceiling, "ceiling of the links"},
                           shares);
    check.evidence +=
        fmt::format("; the links allow {}{}", number_text(least, "s"), late.empty() ? "" : "; " + late);
    report.checks.push_back(std::move(check));
  }
  for (const auto& [part, cases] : measured)
    report.coverage.push_back({"collectives on " + part, cases, cases});
  add_guidelines(view, report);
  return report;
}

}  // namespace podbench::accept
