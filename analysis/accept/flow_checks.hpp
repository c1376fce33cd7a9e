// Flows against their limits, and whom to blame where they miss them. Used by pairs, links and soak.
// Thread-safety: pure.
#pragma once

#include <set>
#include <vector>

#include "analysis/accept/flow_sets.hpp"
#include "analysis/accept/run_view.hpp"
#include "analysis/accept/suspicion.hpp"

namespace podbench::accept {

struct FlowEvidence {
  const std::vector<FlowSetSeries>* streams = nullptr;     // judged here
  const std::vector<FlowSetSeries>* background = nullptr;  // of stages before: they help to tell parts apart
  const std::vector<FlowSetSeries>* ping_pongs = nullptr;
};

// Adds checks (tails, bandwidth, latency), blames, what would have been caught, and notes. Tails explain
// rates, and both explain latencies.
void judge_flows(const RunView& view, const FlowEvidence& evidence, const std::set<int>& slow,
                 StageReport& report);

}  // namespace podbench::accept
