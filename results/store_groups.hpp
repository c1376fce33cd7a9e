// Writes the groups of a run file, one function a group. Only store.cpp calls it.
#pragma once

#include <vector>

#include "results/hdf5.hpp"
#include "results/run_grid.hpp"
#include "results/summary.hpp"

namespace podbench {

// Writes everything below the root of an empty file.
void write_groups(const h5::Id& file, const Run& run, const std::vector<CaseSummary>& summaries);

}  // namespace podbench
