// Measurements as a solver sees them: a residual each, and a column a class of suspects that the same
// measurements see. Thread-safety: values.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "analysis/pod/blame.hpp"
#include "analysis/pod/blame_solver.hpp"

namespace podbench {

struct BlameColumns {
  std::vector<Column> columns;                    // one a class
  std::vector<std::vector<Suspect>> suspects;     // of each class, the larger pieces first
  std::map<Suspect, std::size_t> class_of;        // of every suspect that some measurement meets
  std::vector<std::size_t> arc_measurements;      // by index_of(arc)
  std::vector<const MeasuredFlow*> measurements;  // in the order of the residuals
};

[[nodiscard]] BlameColumns blame_columns(Routes& routes, std::span<const FlowSet> sets,
                                         BlamedQuantity quantity);

// The flow to measure alone that tells two suspects apart best: one end is among the ends of flows that meet
// a suspect, the other a good node. `effect` of both as the solver has it. None where all such flows would be
// slowed alike.
struct Theory {
  Suspect suspect;
  double effect = 0;
};
[[nodiscard]] std::optional<Flow> telling_flow(Routes& routes, const SuspectCatalogue& catalogue,
                                               const Theory& one, const Theory& other,
                                               BlamedQuantity quantity,
                                               std::span<const MeasuredFlow* const> measurements,
                                               const std::vector<bool>& good_node);

}  // namespace podbench
