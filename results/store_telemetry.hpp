// /telemetry of a run file. Only store_groups.cpp calls it.
#pragma once

#include <vector>

#include "results/hdf5.hpp"
#include "results/telemetry.hpp"

namespace podbench {

void write_telemetry(const h5::Id& file, const std::vector<TelemetrySeries>& telemetry);

}  // namespace podbench
