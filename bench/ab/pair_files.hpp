// The files of an `ab`: while it goes on, a spool a side and a folder for the launch under way; at its end
// two run files.
//
//   NAME-a.spool/, NAME-b.spool/   what is finished: spools as `podbench run` has them (results/spool.hpp)
//   NAME.ab/                       the launch under way: pair-K-a.spool, then pair-K-a.h5
//   NAME-a.h5, NAME-b.h5           at the end; then all the rest is removed
//
// Pair k is the launches k × G … of either file, where a side needs G launches of ranks for its cases (one
// a transport and rank count). A launch is taken into its side's spool whole: it is written beside, synced
// and renamed. Whatever is killed, each finished launch is in a spool, from which `podbench recover
// NAME-a.spool` makes the run file, or still a run file of its own in NAME.ab. Thread-safety: one thread.
// Blocks on the disk. Errors: RequestError for a name that cannot be used, before anything is written;
// RunError where the disk fails.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "bench/ab/experiment.hpp"
#include "results/record.hpp"
#include "results/summary.hpp"

namespace podbench {

class PairFiles {
 public:
  // `out`: NAME or NAME.h5; empty: a new name under results/runs/. Only looks; nothing is written.
  explicit PairFiles(const std::string& out);

  // Makes spools and folder. `run` is what both sides' records have in common.
  void create(const Experiment& experiment, const RunRecord& run);

  // Where the launches of one half of a pair go: what lies there from a failed try is removed.
  [[nodiscard]] std::filesystem::path fresh_half(int pair, char side) const;
  // Takes the run file of a half into its side's spool and removes it. Its cases, one launch each.
  // RequestError where it is no run file, RunError where it holds other launches than the plan.
  std::vector<CaseSummary> take(const std::filesystem::path& half, int pair, const PlannedSide& side);

  // Makes the run file of each side that has a launch and removes the rest. `all_done`: the experiment ended
  // by itself, and both files are complete. What was damaged is returned, a line each; its spool stays then.
  std::vector<std::string> finish(bool all_done);

  // Empty where a side has no launch. Valid after finish().
  [[nodiscard]] const std::filesystem::path& run_file(char side) const {
    return side == 'a' ? a_.file : b_.file;
  }
  [[nodiscard]] const std::filesystem::path& spool(char side) const {
    return side == 'a' ? a_.spool : b_.spool;
  }

 private:
  struct SideFiles {
    std::filesystem::path file, spool;
  };
  void check_free() const;
  void finish_side(SideFiles& side, bool all_done, std::vector<std::string>& problems);

  std::filesystem::path folder_;  // NAME.ab
  SideFiles a_, b_;
};

}  // namespace podbench
