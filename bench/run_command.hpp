// `podbench run`: the director on a terminal, or all ranks of a user's own mpirun or srun.
// Thread-safety: one thread, once a process.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "bench/case.hpp"
#include "bench/plan.hpp"
#include "bench/suite.hpp"

namespace podbench {

// The command as a person gave it (docs/cli.md).
struct RunRequest {
  std::string suite;  // name or file; empty: the choices below
  CaseRequest cases;
  PlanChoices choices;
  std::optional<std::uint64_t> seed;
  std::optional<std::int64_t> time_per_case_ns;
  std::string launcher = "auto";
  std::vector<std::string> hosts;
  MeasureSettings settings;
  std::string out;               // run file; empty: a new name under results/runs/
  std::string format = "table";  // or json, csv
  std::vector<std::string> benchmark_flags;
  std::string command_line;
  bool dry_run = false;
  bool quiet = false, verbose = false;
};

[[nodiscard]] ExitCode run_command(RunRequest request);

}  // namespace podbench
