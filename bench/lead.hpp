// The lead's side of one launch: Google Benchmark runs the cases, the engine measures them, the spool keeps
// them. Followers obey meanwhile (case_runner.hpp).
// Thread-safety: one thread; Google Benchmark's registry is global, so one Lead at a time.
// Errors: what the engine and the spool throw ends the remaining cases and is thrown from run().
#pragma once

#include <exception>
#include <string>
#include <vector>

#include "bench/engine.hpp"
#include "bench/progress.hpp"
#include "results/spool.hpp"

namespace podbench {

// How the cases of a launch ended, counted.
struct LaunchTally {
  int wrong = 0, failed = 0;
};

class Lead {
 public:
  Lead(Engine& engine, SpoolWriter& spool, Progress& progress, const PlannedLaunch& launch);

  // Runs every case of the launch. `benchmark_flags` are Google Benchmark's own ("--benchmark_out=x.json").
  LaunchTally run(const std::vector<std::string>& benchmark_flags);

  class Body;  // what Google Benchmark calls for a case

 private:
  void journal_telemetry();

  Engine& engine_;
  SpoolWriter& spool_;
  Progress& progress_;
  const PlannedLaunch& launch_;
  LaunchTally tally_;
  std::exception_ptr broken_;
};

}  // namespace podbench
