// `podbench track`. Thread-safety: one thread. Errors: RequestError, RunError.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "bench/output_files.hpp"

namespace podbench {

struct TrackRequest {
  std::vector<std::string> places;  // folders of run files, or run files
  std::string keep;                 // "90", "90d"; empty: nothing is deleted
  bool dry_run = false;             // only list what --keep would delete
  bool self_test = false;
  double least_effect = 0.01;
  std::string format = "table";
  OutputFiles files;
};
// Exit 1 where a regression is alerted by the newest run, 3 where there is too little history to judge
// anything.
[[nodiscard]] ExitCode track_command(const TrackRequest& request);

}  // namespace podbench
