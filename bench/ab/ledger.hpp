// What the pairs have brought so far: a value a case, side and pair, and what that decides.
// Thread-safety: one thread. Units: nanoseconds of one operation; ratios are b / a.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analysis/compare/decide.hpp"
#include "bench/ab/experiment.hpp"
#include "results/summary.hpp"

namespace podbench {

// One metric of one case: a value a launch of each side, of whole pairs only, and its decision.
struct AbMetric {
  Sides sides{{}, {}, true};
  Decision decision;
};

struct AbCase {
  std::string name;  // CaseMatch::name
  CaseKey a, b;      // as measured
  AbMetric p50, p99;
  bool wrong_a = false, wrong_b = false;  // a data check failed
  std::string note;                       // what limits it: contended, skipped and why

  [[nodiscard]] std::size_t pairs() const { return p50.sides.base.size(); }
  // No launch of a side has a sample of it: it cannot be decided, however many pairs follow.
  [[nodiscard]] bool silent() const { return pairs() == 0; }
  [[nodiscard]] bool decided() const;
};

class Ledger {
 public:
  explicit Ledger(const Experiment& experiment);

  // The cases of one half, one launch each, as PairFiles::take() gives them. Halves may come in any order.
  void take(int pair, char side, const std::vector<CaseSummary>& cases);

  // Decides all cases of each metric as a family, from all whole pairs, at this part of the error.
  void judge(double share);

  [[nodiscard]] const std::vector<AbCase>& cases() const noexcept { return cases_; }
  [[nodiscard]] int whole_pairs() const;
  [[nodiscard]] std::size_t decided() const;
  // Every case is decided, or will never be.
  [[nodiscard]] bool all_decided() const;
  [[nodiscard]] bool any_wrong_data() const;

 private:
  struct Half {
    bool finished = false;
    std::vector<std::optional<LaunchPoint>> points;  // by match
  };
  struct Pair {
    Half a, b;
  };
  static void enter(AbCase& entry, char side, const CaseSummary& summary);
  void collect();

  std::vector<AbCase> cases_;
  std::vector<Pair> pairs_;
  std::map<std::uint64_t, std::size_t> match_of_a_, match_of_b_;  // by the series of the key as planned
};

}  // namespace podbench
