// One figure a case from each of many run files: what a history of nights is made of. Cheap: three columns
// and the launches' p99 of a file, no samples, no case keys.
//
// Files are read in child processes, many files a child, so that a file which breaks the HDF5 library breaks
// nothing else: where anything in a batch goes wrong the files of the batch are read again, a child each, and
// only the culprit is unusable. Thread-safety: one thread at a time in a process (fork). Blocks on the disk.
// Errors: none for a bad file, which says so in `problem`; RunError where the system gives no child.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "results/record.hpp"

namespace podbench {

struct RunPoints {
  std::string problem;  // one line, naming the file, why it cannot be used; empty: it can
  std::string run_id, started_utc, pod, program_version, git_revision;
  bool complete = false;
  std::vector<std::string> hosts;  // every host of any launch, sorted, each once
  // By case, in the file's order. NaN where a case has no good sample: skipped, failed, wrong data.
  std::vector<std::uint64_t> series_id;
  std::vector<double> p50_ns;  // median of the launches' medians
  std::vector<double> p99_ns;  // median of the launches' 99th percentiles
};

// Reads all files, `at_once` children at a time, and hands each over with its index in `files`, in any order.
void read_points(std::span<const std::filesystem::path> files, unsigned at_once,
                 const std::function<void(std::size_t, RunPoints&&)>& take);

// The keys of a file's cases, in the file's order. RequestError like read_summary, also where a key is not
// the one that its series_id says.
[[nodiscard]] std::vector<CaseKey> read_keys(const std::filesystem::path& file);

}  // namespace podbench
