// The files of one run: the spool while it goes on, the run file at its end.
// Thread-safety: one thread. Errors: RequestError for a path that cannot be used, RunError for a disk that
// fails; the spool stays then.
#pragma once

#include <filesystem>
#include <string>

#include "analysis/recover.hpp"
#include "results/record.hpp"

namespace podbench {

class RunFile {
 public:
  // Checks `out` (empty: a new name under results/runs/ made from `suite` and the time) and creates the
  // spool.
  RunFile(const std::string& out, const std::string& suite, const RunRecord& run);

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] const std::filesystem::path& spool() const noexcept { return spool_; }

  // Makes the run file from the spool and removes the spool. What was damaged is noted on standard error.
  [[nodiscard]] StoredRun finish();

 private:
  std::filesystem::path path_, spool_;
};

}  // namespace podbench
