// `podbench accept`: whether a pod is fit for service, measured and judged, or judged again from a file.
// Thread-safety: one thread, once a process. Errors: RequestError and RunError.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "bench/output_files.hpp"

namespace podbench {

// The command as a person gave it (docs/accepting.md).
struct AcceptRequest {
  std::string pod;                  // file; needed but to discover one
  std::vector<std::string> stages;  // empty: all but soak
  std::optional<std::int64_t> soak_ns;
  std::optional<int> launches;  // the most of a stage; empty: up to the last look
  std::string transport, within_nodes;
  std::string launcher = "auto";
  std::vector<std::string> hosts;  // in the order of the pod's nodes; empty: the nodes' own names
  std::string judge;               // a run file: nothing is measured
  bool discover = false, dry_run = false, quiet = false;
  std::string faults;  // for the fault wrapper
  std::optional<std::uint64_t> seed;
  std::string out;  // the run file; the pod file where one is discovered
  std::string format = "table";
  OutputFiles files;
  std::string command_line;
};

// Exit 0 accepted, 1 rejected, 3 inconclusive, 4 where it could not be completed.
[[nodiscard]] ExitCode accept_command(const AcceptRequest& request);

// `podbench accept-rank`: a director's child.
struct AcceptRankCommand {};
[[nodiscard]] ExitCode accept_rank_command();

}  // namespace podbench
