// What of this node can be read, a function a kind of hardware. Each adds what is there to `sources` and
// nothing where there is none. Thread-safety: reads of the system. Errors: none.
#pragma once

#include <string>

#include "bench/machine/system_root.hpp"
#include "bench/telemetry/source.hpp"

namespace podbench {

void find_energy(const SystemRoot& root, Sources& sources);     // RAPL: packages, their parts, memory
void find_sensors(const SystemRoot& root, Sources& sources);    // hwmon: temperatures, power, fans
void find_thermal(const SystemRoot& root, Sources& sources);    // thermal zones
void find_processor(const SystemRoot& root, Sources& sources);  // clocks of all CPUs, throttling
void find_nics(const SystemRoot& root, Sources& sources);       // counters of interfaces
void find_rdma(const SystemRoot& root, Sources& sources);       // counters of InfiniBand and RoCE ports
// Graphics processors through NVML, which is looked for under this name.
void find_nvml(const std::string& library, Sources& sources);

}  // namespace podbench
