// Stage 3: every pair, latency and bandwidth both ways.
#include <algorithm>
#include <set>

#include "analysis/accept/flow_checks.hpp"
#include "analysis/accept/stage_judges.hpp"

namespace podbench::accept {
namespace {

std::size_t directed_pairs(const std::vector<FlowSetSeries>& sets) {
  std::set<std::pair<int, int>> pairs;
  for (const FlowSetSeries& set : sets)
    for (const FlowSeries& flow : set.flows) pairs.emplace(flow.flow.from_node, flow.flow.to_node);
  return pairs.size();
}

}  // namespace

StageReport judge_pairs(const RunView& view, const std::set<int>& slow) {
  StageReport report;
  report.stage = Stage::pairs;
  if (view.records(Stage::pairs).empty()) return report;
  const std::vector<FlowSetSeries> streams = stream_sets(view, Stage::pairs),
                                   ping_pongs = ping_pong_sets(view, Stage::pairs);
  judge_flows(view, {&streams, nullptr, &ping_pongs}, slow, report);
  const std::size_t nodes = view.pod().nodes.size();
  report.coverage = {{"pairs, latency", directed_pairs(ping_pongs) / 2, nodes * (nodes - 1) / 2},
                     {"pairs, bandwidth both ways", directed_pairs(streams), nodes * (nodes - 1)}};
  return report;
}

}  // namespace podbench::accept
