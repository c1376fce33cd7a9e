// Reads run files, whoever made them: every size, type, count and link is checked before it is believed.
// A child process does the reading, so that a file which breaks the HDF5 library breaks nothing else
// (isolated.hpp).
// Thread-safety: one thread at a time in a process (serial HDF5, fork). Blocks on the disk.
// Errors: RequestError, one line naming the file, for everything that is wrong with it: not there, not HDF5,
// truncated, not a podbench file, an unknown major schema, a damaged or dishonest dataset. A newer minor
// schema reads. Links to other files are not followed. Memory: read_run the run's own, at most what the
// file's bytes can honestly unpack to; read_summary without the samples.
#pragma once

#include <filesystem>

#include "results/record.hpp"
#include "results/summary.hpp"

namespace podbench {

// Everything that write_run was given, with every sample.
[[nodiscard]] Run read_run(const std::filesystem::path& path);

// The run's attributes and the /summary columns: cheap, for tables over many files.
[[nodiscard]] RunSummary read_summary(const std::filesystem::path& path);

// What a run ran on, without what it measured.
struct RunEnvironment {
  std::string source;  // the file it came from
  RunRecord run;
  std::vector<NodeRecord> nodes;
  std::vector<LaunchRecord> launches;
};

// As cheap as read_summary.
[[nodiscard]] RunEnvironment read_environment(const std::filesystem::path& path);

}  // namespace podbench
