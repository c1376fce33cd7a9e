// What the nodes' sensors and counters say against them (analysis/telemetry/findings.hpp), as an acceptance
// tells it. Thread-safety: pure.
#pragma once

#include "analysis/accept/acceptance.hpp"
#include "analysis/accept/run_view.hpp"

namespace podbench::accept {

// A failed check for everything serious, racks over the power or cooling that the pod file gives them
// included, a culprit for every link that flaps, a note for the rest, and one check that passes where sensors
// were read and nothing serious was found.
void add_sensor_checks(const RunView& view, StageReport& report);

// For an acceptance without a soak: a link that goes down while it is measured fails at once, whatever of it
// the medians show; everything else that is serious is a note, for it takes a soak to tell whether it lasts.
void add_flaps(const RunView& view, StageReport& report);

}  // namespace podbench::accept
