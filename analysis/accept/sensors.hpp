// What the nodes' sensors and counters say against them (analysis/telemetry/findings.hpp), as an acceptance
// tells it. Thread-safety: pure.
#pragma once

#include "analysis/accept/acceptance.hpp"
#include "analysis/accept/run_view.hpp"

namespace podbench::accept {

// A failed check for everything serious, racks over the power or cooling that the pod file gives them
// included, a note for the rest, and one check that passes where sensors were read and nothing serious was
// found.
void add_sensor_checks(const RunView& view, StageReport& report);

// The serious ones in words, for an acceptance without a soak.
[[nodiscard]] std::vector<std::string> sensor_notes(const RunView& view);

}  // namespace podbench::accept
