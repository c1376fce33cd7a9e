// Stage 4: every declared link direction under its planned load, and the part to blame.
#include <algorithm>

#include "analysis/accept/flow_checks.hpp"
#include "analysis/accept/stage_judges.hpp"
#include "analysis/pod/link_groups.hpp"

namespace podbench::accept {
namespace {

// Link directions that carried their plan in some set, as far as fair shares let them.
Coverage covered(const Pod& pod, const std::vector<FlowSetSeries>& sets) {
  constexpr double as_good_as_all = 0.99;
  Routes routes(pod);
  const std::vector<double> planned = planned_loads(pod);
  std::vector<double> most(planned.size());
  for (const FlowSetSeries& set : sets) {
    std::vector<double> loads(planned.size());
    for (const FlowSeries& flow : set.flows)
      for (const ArcLoad& load : routes.of(flow.flow))
        loads[index_of(load.arc)] += load.share * flow.expected_bits_per_second;
    for (std::size_t arc = 0; arc < most.size(); ++arc) most[arc] = std::max(most[arc], loads[arc]);
  }
  // What no plan of groups can fill is not asked of this one.
  const LinkPlan plan = plan_links(pod);
  Coverage coverage{"link directions under their planned load", 0, 0};
  for (std::size_t arc = 0; arc < planned.size(); ++arc) {
    if (!(plan.planned_bits_per_second[arc] > 0)) continue;
    ++coverage.planned;
    const double reachable = std::min(plan.planned_bits_per_second[arc], plan.reached_bits_per_second[arc]);
    coverage.exercised += most[arc] >= as_good_as_all * reachable ? 1u : 0u;
  }
  return coverage;
}

}  // namespace

StageReport judge_links(const RunView& view, const std::set<int>& slow) {
  StageReport report;
  report.stage = Stage::links;
  if (view.records(Stage::links).empty()) return report;
  const std::vector<FlowSetSeries> streams = stream_sets(view, Stage::links),
                                   before = stream_sets(view, Stage::pairs);
  judge_flows(view, {&streams, &before, nullptr}, slow, report);
  report.coverage = {covered(view.pod(), streams)};
  return report;
}

}  // namespace podbench::accept
