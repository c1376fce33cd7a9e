// From a spool to a run file: the end of every `podbench run`, and `podbench recover` after one that was
// interrupted. Thread-safety: one thread at a time in a process. Blocks on the disk.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "results/summary.hpp"

namespace podbench {

struct StoredRun {
  RunSummary summary;                 // what was written; source is the run file
  std::vector<NodeRecord> nodes;      // as merged from all launches
  std::vector<std::string> problems;  // torn tails and damaged records of the spool, a line each
};

// Reads the spool, computes the statistics, writes the run file. The run is marked complete where all planned
// case records are there. The spool stays: remove_spool() is the caller's, when nothing more is needed.
// RequestError where the spool is none or `run_file` exists; RunError where the file cannot be written.
StoredRun store_spool(const std::filesystem::path& spool_folder, const std::filesystem::path& run_file);

// `podbench recover`: store_spool into `run_file` (empty: beside the spool, NAME.spool -> NAME.h5), and what
// to tell the person: cases, launches, completeness, problems, the file's name.
std::string recover(const std::filesystem::path& spool_folder, std::filesystem::path run_file = {});

}  // namespace podbench
