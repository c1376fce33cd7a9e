// One planned launch within a session: its transport is opened afresh, its cases are measured, it is closed.
// Thread-safety: one thread. Errors: as the endpoint's; what breaks names ranks of the whole launch.
#pragma once

#include <vector>

#include "bench/case.hpp"
#include "bench/launch_shape.hpp"
#include "bench/lead.hpp"
#include "bench/progress.hpp"
#include "results/record.hpp"
#include "transports/registry.hpp"
#include "transports/rendezvous.hpp"

namespace podbench {

struct SectionRequest {
  const LaunchOrder& order;  // its settings, spool, launcher and flags
  const PlannedLaunch& launch;
  const LaunchShape& shape;  // of the whole launch
  Rendezvous& rendezvous;
  const Registry& registry;
};

// Collective over the whole launch; ranks that are no members of the planned launch only open and close. Its
// lead, the first member, keeps `nodes` and every finished case in the spool, and has the tally.
LaunchTally run_section(const SectionRequest& request, const std::vector<NodeRecord>& nodes,
                        Progress& progress);

}  // namespace podbench
