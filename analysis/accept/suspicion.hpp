// From flows that miss their limits to the part that makes them do so.
//
// Blame is asked only where a check failed, and a part is named only where a flow that it touches failed;
// what find_blame sees beyond that is within the limits. A part is certain where it is the only explanation
// and flows with two partners or more agree on it; until then it is suspected, and `again` holds the flows
// that would settle it. Thread-safety: pure.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "analysis/accept/acceptance.hpp"
#include "analysis/accept/flow_sets.hpp"
#include "analysis/accept/run_view.hpp"

namespace podbench::accept {

// What the flows showed: too slow, too late, or with too long a tail.
enum class Symptom : std::uint8_t { slow, late, tail };

// A measurement of the solver, with what its check said.
struct Witness {
  double expected = 0, measured = 0;  // bit/s of a slow flow, else seconds
  bool failed = false;
};

struct WitnessSet {
  const FlowSetSeries* set = nullptr;
  std::vector<Witness> witnesses;  // one a flow of the set
};

struct Suspicion {
  Blame blame;
  Symptom symptom = Symptom::slow;
  std::vector<Flow> failed;  // that lead over it and missed a limit
  std::size_t partners = 0;  // that saw it
  [[nodiscard]] bool certain() const { return blame.confidence >= 0.95 && partners >= 2; }
};

struct Investigation {
  std::vector<Suspicion> suspicions;
  double baseline = 0;
  std::vector<double> arc_smallest_effect;  // as BlameReport's
  std::vector<std::size_t> arc_measurements;
};

// `uncertainty`: of a measurement, relative.
[[nodiscard]] Investigation investigate(const RunView& view, const std::vector<WitnessSet>& sets,
                                        Symptom symptom, double uncertainty);

// Whether certain suspicions explain one more: all of its failed flows lead over them. Lost packets slow a
// flow down and delay it, whatever its links have left; a slow part leaves others' flows in an unusual order.
[[nodiscard]] bool explained(const Pod& pod, const Suspicion& more, const std::vector<Suspicion>& known);

// Adds them to a report in their order, those of the same part once. `slow`: as in stage_judges.
void add_suspicions(const RunView& view, std::vector<Suspicion> suspicions, const std::set<int>& slow,
                    StageReport& report);

// The node whose own part a suspect is: its NIC, its cable to the first switch, itself; −1: none's.
[[nodiscard]] int node_of(const Pod& pod, const Suspect& suspect);

}  // namespace podbench::accept
