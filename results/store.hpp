// Writes a run as one HDF5 file (layout: results/SCHEMA.md), whole or not at all: it is built as
// `<path>.tmp`, synced, renamed, and the folder synced. File locking is off (Lustre, NFS).
// Thread-safety: one thread at a time in a process (serial HDF5). Blocks on the disk. Memory: the run's own
// plus a chunk.
#pragma once

#include <filesystem>
#include <vector>

#include "results/record.hpp"
#include "results/summary.hpp"

namespace podbench {

// `summaries` has one entry for each of distinct_cases(run), in that order.
// RequestError where `path` exists (nothing is overwritten) or its folder does not; RunError where it cannot
// be written, the disk full included: then no file of that name is left behind.
void write_run(const Run& run, const std::vector<CaseSummary>& summaries, const std::filesystem::path& path);

}  // namespace podbench
