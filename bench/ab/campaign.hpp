// The launches of an `ab`: pair after pair, until all is decided, all pairs are done, or it has to end.
// Thread-safety: one thread, once a process. Blocks for as long as that takes.
#pragma once

#include <string>
#include <vector>

#include "bench/ab/child.hpp"
#include "bench/ab/experiment.hpp"
#include "bench/ab/ledger.hpp"
#include "bench/ab/pair_files.hpp"

namespace podbench {

enum class CampaignEnd {
  decided,    // at a look, all was decided
  all_pairs,  // as many pairs as were asked for are done
  broken,     // a launch failed again and again, or a disk; `why` says more
  by_person,  // a signal
};

struct CampaignResult {
  CampaignEnd end = CampaignEnd::all_pairs;
  std::string why{};  // broken, by_person: one line
  double share = 0;   // the part of the error that the last look could spend
  [[nodiscard]] bool by_itself() const {
    return end == CampaignEnd::decided || end == CampaignEnd::all_pairs;
  }
};

// What `podbench run --dry-run` says of a side. RequestError with the side's letter where the request is
// wrong, RunError where it cannot be served here; nothing is written either way.
[[nodiscard]] PlannedSide plan_side(Side side, const SignalReader& signals);

class Campaign {
 public:
  Campaign(const Experiment& experiment, PairFiles& files, Ledger& ledger, const SignalReader& signals,
           bool quiet);

  // However it ends, no process of it is left, every finished launch is in the files, and the ledger is
  // judged by all whole pairs.
  CampaignResult run();

 private:
  struct Trouble {
    CampaignEnd end;
    std::string why;
  };
  void run_pairs();
  void run_pair(int pair);
  void run_half(int pair, const PlannedSide& side);
  // Why the try failed; empty where it did not.
  std::string try_half(int pair, const PlannedSide& side);
  void look(int pairs);
  void report(int pair) const;

  const Experiment& experiment_;
  PairFiles& files_;
  Ledger& ledger_;
  const SignalReader& signals_;
  bool quiet_;
  std::int64_t began_ns_ = 0;
  int looked_after_ = 0;  // pairs
  CampaignResult result_;
};

}  // namespace podbench
