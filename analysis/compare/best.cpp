#include "analysis/compare/best.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "analysis/compare/match.hpp"
#include "analysis/selection.hpp"
#include "analysis/statistics.hpp"

namespace podbench::compare {
namespace {

struct Candidate {
  CaseKey key;
  std::vector<double> p50_ns;  // a launch each
  bool usable = true;
  double median_ns = 0;
};

using Group = std::map<std::vector<std::string>, Candidate>;  // by the whole key

bool counts(CaseStatus status) {
  return status != CaseStatus::wrong_data && status != CaseStatus::failed && status != CaseStatus::skipped;
}

auto reading_order(const CaseKey& key) {
  return std::tie(key.pattern, key.datatype, key.op, key.transport, key.ranks, key.nodes, key.cadence,
                  key.sync, key.buffers, key.bytes);
}

std::map<std::vector<std::string>, Group> groups_of(const std::vector<TableCase>& cases) {
  std::map<std::vector<std::string>, Group> groups;
  for (const TableCase& row : cases) {
    const CaseSummary& summary = *row.summary;
    Candidate& candidate = groups[key_without(task_of(summary.key), {})][key_without(summary.key, {})];
    candidate.key = summary.key;
    candidate.usable = candidate.usable && counts(summary.status);
    for (const LaunchPoint& point : summary.points)
      if (std::isfinite(point.p50_ns) && point.p50_ns > 0) candidate.p50_ns.push_back(point.p50_ns);
  }
  return groups;
}

// The candidates that count, best first.
std::vector<Candidate> ranked(const Group& group) {
  std::vector<Candidate> candidates;
  for (const auto& [identity, candidate] : group) {
    if (!candidate.usable || candidate.p50_ns.empty()) continue;
    candidates.push_back(candidate);
    std::vector<double>& sorted = candidates.back().p50_ns;
    std::sort(sorted.begin(), sorted.end());
    candidates.back().median_ns = quantile(sorted, 0.5);
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.median_ns < b.median_ns; });
  return candidates;
}

std::string name_of(const Candidate& candidate) {
  std::string name = candidate.key.algorithm;
  for (const auto& [option, value] : candidate.key.options) name += "/" + option + ":" + value;
  return name;
}

}  // namespace

CaseKey task_of(CaseKey key) {
  key.algorithm.clear();
  for (const char* option : {"radix", "segment", "piece"}) key.options.erase(option);
  return key;
}

std::vector<BestAlgorithm> best_algorithms(std::span<const RunSummary> runs,
                                           const std::vector<std::string>& where,
                                           const DecisionRules& rules) {
  std::vector<BestAlgorithm> best;
  std::vector<Sides> leads;
  for (const auto& [identity, group] : groups_of(select_cases(runs, where))) {
    const std::vector<Candidate> candidates = ranked(group);
    if (candidates.empty()) continue;
    best.push_back({candidates[0].key, candidates[0].median_ns, "", {}, candidates.size()});
    Sides lead;
    if (candidates.size() > 1) {
      best.back().second = name_of(candidates[1]);
      lead = {candidates[0].p50_ns, candidates[1].p50_ns, false};
    }
    leads.push_back(std::move(lead));
  }
  const std::vector<Decision> decisions = decide(leads, rules);
  for (std::size_t i = 0; i < best.size(); ++i) best[i].lead = decisions[i];
  std::stable_sort(best.begin(), best.end(), [](const BestAlgorithm& a, const BestAlgorithm& b) {
    return reading_order(a.key) < reading_order(b.key);
  });
  return best;
}

}  // namespace podbench::compare
