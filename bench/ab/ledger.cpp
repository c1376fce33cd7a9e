#include "bench/ab/ledger.hpp"

#include <algorithm>

namespace podbench {
namespace {

// A case's identity as it is planned: what only a launch knows is left aside.
std::uint64_t planned_id(CaseKey key) {
  key.nodes = 1;
  key.sync.clear();
  return key.series_id();
}

void decide_all(std::vector<AbCase>& cases, AbMetric AbCase::*metric, const DecisionRules& rules) {
  std::vector<AbMetric*> asked;
  std::vector<Sides> family;
  for (AbCase& entry : cases) {
    if (entry.silent()) continue;
    asked.push_back(&(entry.*metric));
    family.push_back((entry.*metric).sides);
  }
  const std::vector<Decision> decisions = decide(family, rules);
  for (std::size_t i = 0; i < asked.size(); ++i) asked[i]->decision = decisions[i];
}

}  // namespace

bool AbCase::decided() const {
  return wrong_a || wrong_b || p50.decision.verdict != Verdict::undecided;
}

Ledger::Ledger(const Experiment& experiment) {
  for (const CaseMatch& match : experiment.matching.matches) {
    AbCase& entry = cases_.emplace_back();
    entry.name = match.name;
    entry.a = experiment.a.run.cases[match.a];
    entry.b = experiment.b.run.cases[match.b];
    match_of_a_[planned_id(entry.a)] = cases_.size() - 1;
    match_of_b_[planned_id(entry.b)] = cases_.size() - 1;
  }
}

void Ledger::take(int pair, char side, const std::vector<CaseSummary>& cases) {
  const auto index = static_cast<std::size_t>(pair);
  if (pairs_.size() <= index) pairs_.resize(index + 1);
  Half& half = side == 'a' ? pairs_[index].a : pairs_[index].b;
  const auto& match_of = side == 'a' ? match_of_a_ : match_of_b_;
  half = {true, std::vector<std::optional<LaunchPoint>>(cases_.size())};
  for (const CaseSummary& summary : cases) {
    const auto match = match_of.find(planned_id(summary.key));
    if (match == match_of.end()) continue;
    enter(cases_[match->second], side, summary);
    if (!summary.points.empty()) half.points[match->second] = summary.points.front();
  }
}

void Ledger::enter(AbCase& entry, char side, const CaseSummary& summary) {
  (side == 'a' ? entry.a : entry.b) = summary.key;
  if (summary.status == CaseStatus::wrong_data) (side == 'a' ? entry.wrong_a : entry.wrong_b) = true;
  const bool has_samples = !summary.points.empty();
  if (has_samples && summary.status == CaseStatus::good) return;
  const std::string note = has_samples ? std::string(name_of(summary.status)) : summary.note;
  if (entry.note.find(note) == std::string::npos) entry.note += (entry.note.empty() ? "" : "; ") + note;
}

// A value counts where both halves of its pair have one.
void Ledger::collect() {
  for (std::size_t i = 0; i < cases_.size(); ++i) {
    AbCase& entry = cases_[i];
    for (AbMetric* metric : {&entry.p50, &entry.p99}) metric->sides = {{}, {}, true};
    for (const Pair& pair : pairs_) {
      if (!pair.a.finished || !pair.b.finished || !pair.a.points[i] || !pair.b.points[i]) continue;
      const LaunchPoint &a = *pair.a.points[i], &b = *pair.b.points[i];
      if (!(a.p50_ns > 0) || !(b.p50_ns > 0)) continue;
      entry.p50.sides.base.push_back(a.p50_ns);
      entry.p50.sides.next.push_back(b.p50_ns);
      entry.p99.sides.base.push_back(a.p99_ns);
      entry.p99.sides.next.push_back(b.p99_ns);
    }
  }
}

void Ledger::judge(double share) {
  collect();
  DecisionRules rules;
  rules.share = share;
  decide_all(cases_, &AbCase::p50, rules);
  decide_all(cases_, &AbCase::p99, rules);
}

int Ledger::whole_pairs() const {
  return static_cast<int>(std::count_if(pairs_.begin(), pairs_.end(),
                                        [](const Pair& pair) { return pair.a.finished && pair.b.finished; }));
}

std::size_t Ledger::decided() const {
  return static_cast<std::size_t>(
      std::count_if(cases_.begin(), cases_.end(), [](const AbCase& entry) { return entry.decided(); }));
}

bool Ledger::all_decided() const {
  return std::all_of(cases_.begin(), cases_.end(),
                     [](const AbCase& entry) { return entry.decided() || entry.silent(); });
}

bool Ledger::any_wrong_data() const {
  return std::any_of(cases_.begin(), cases_.end(),
                     [](const AbCase& entry) { return entry.wrong_a || entry.wrong_b; });
}

}  // namespace podbench
