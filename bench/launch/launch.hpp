// One launch: starts all ranks, supervises them until the last one has ended, and says how it went.
//
// However it ends, no rank survives run_launch(), and none survives the death of the process that called it.
// A rank that dies, hangs or gives up ends the launch within seconds; a finished case is safe in the lead's
// spool by then. The secret of the launch reaches the ranks through an inherited pipe (local), standard input
// (ssh) or the environment (mpirun, srun), never through a command line or a file.
// Thread-safety: one launch at a time, from a thread that outlives it; SIGINT, SIGTERM, SIGHUP and SIGCHLD
// must not be taken by another thread meanwhile (block them there).
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "transports/rendezvous.hpp"

namespace podbench {

struct LaunchRequest {
  int ranks = 1;
  // "local": this host, fork and exec. "mpirun": through `launch_command`. "srun": in the Slurm allocation at
  // hand. "ssh": on `hosts`, ranks dealt out in blocks.
  std::string launcher = "local";
  // mpirun: the program and its arguments ("{ranks}" stands for the number of ranks); the rank's own command
  // line is appended. Empty: a plain `mpirun -n {ranks}`.
  std::vector<std::string> launch_command;
  std::vector<std::string> rank_arguments;         // what follows the program's name, e.g. {"rank"}
  std::map<std::string, std::string> environment;  // added to the ranks' environment
  std::map<std::string, Blob> published;           // for lookup(director_rank, key); each at most 64 KiB
  std::vector<std::string> hosts;                  // ssh: required; mpirun and srun: passed on where given
  std::chrono::nanoseconds start_deadline = std::chrono::seconds(60);  // until all ranks have joined
  std::string program;                 // what a rank executes; empty: this very program
  std::function<std::string()> doing;  // for the blame: what the launch was at, e.g. the case; may be empty
};

struct LaunchOutcome {
  bool completed = false;  // every rank finished and ended by itself; exit_code is then the lead's
  int exit_code = 4;       // ExitCode as a number
  // Where not completed, one line: "rank 3 on node07 died (signal 9, Killed) while running <doing>".
  std::string blame{};
  int blamed_rank = -1;              // where one is known
  std::vector<std::string> hosts{};  // by rank; empty strings for ranks that never joined
  int signal = 0;                    // the signal by which a person ended it (SIGINT, ...), 0 if none
};

// RequestError for a request that cannot be served: an unknown launcher, its program not found, no host for
// ssh or one for local, odd hosts, a number of ranks that is none.
void check_launch(const LaunchRequest& request);

// Checks, then blocks until no rank is left. RunError where the system refuses (no process, no descriptor).
[[nodiscard]] LaunchOutcome run_launch(const LaunchRequest& request);

}  // namespace podbench
