#include "bench/accept/lost.hpp"

#include <algorithm>

#include "analysis/accept/acceptance.hpp"
#include "base/utc.hpp"
#include "results/spool.hpp"

namespace podbench::accept {
namespace {

int launches_of(const Run& run, Stage stage) {
  std::vector<int> launches;
  for (const CaseRecord& record : run.cases)
    if (const auto label = record.key.options.find("stage");
        label != record.key.options.end() && label->second == name_of(stage))
      launches.push_back(record.launch);
  std::sort(launches.begin(), launches.end());
  return static_cast<int>(std::unique(launches.begin(), launches.end()) - launches.begin());
}

// A case of the stage to hang the loss on: its first, or the one that all pods have.
PlannedCase case_of(const Planner& planner, Stage stage) {
  for (const Stage of : {stage, Stage::node})
    for (const PlannedSection& section : planner.replicate(of))
      if (!section.launch.cases.empty()) {
        PlannedCase first = section.launch.cases.front();
        first.labels["stage"] = name_of(stage);
        return first;
      }
  return {};
}

}  // namespace

Stage stage_under_way(const AcceptOrder& order, const Run& run, const Pod& pod) {
  const bool began = !run.launches.empty();
  if (!began) return Stage::inventory;
  const Acceptance acceptance = judge(run, pod);
  Stage under_way = Stage::inventory;
  for (const Stage stage : order.stages) {
    under_way = stage;
    if (stage == Stage::inventory) continue;
    if (stage == Stage::soak || launches_of(run, stage) < looks[0]) break;
    const Next next = next_of(acceptance, run, pod, stage);
    if (next.more_launches || !next.again.empty() || !next.gate_open) break;
  }
  return under_way;
}

void keep_loss(const AcceptOrder& order, const Pod& pod, const LaunchOutcome& outcome) {
  const Run run = read_spool(order.spool_folder).run;
  const std::vector<std::string> hosts = Places::wanted_hosts(pod);
  const Planner planner(pod, order.transport, order.within_nodes, Places(pod, hosts));
  PlannedCase planned = case_of(planner, stage_under_way(order, run, pod));
  if (const auto rank = static_cast<std::size_t>(outcome.blamed_rank);
      outcome.blamed_rank >= 0 && rank < hosts.size()) {
    const std::string& told =
        rank < outcome.hosts.size() && !outcome.hosts[rank].empty() ? outcome.hosts[rank] : hosts[rank];
    const auto known = order.node_of_host.find(told);
    planned.labels["lost"] = known == order.node_of_host.end() ? told : known->second;
  }
  CaseRecord record;
  record.key = key_of(planned, static_cast<int>(pod.nodes.size()), "");
  for (const LaunchRecord& launch : run.launches) record.launch = std::max(record.launch, launch.launch + 1);
  record.status = CaseStatus::failed;
  record.note = outcome.blame;
  record.started_utc = utc_now();
  LaunchRecord launch;
  launch.launch = record.launch;
  launch.launcher = order.launcher;
  launch.hosts = hosts;
  for (std::size_t node = 0; node < pod.nodes.size(); ++node)
    launch.nodes.insert(launch.nodes.end(), pod.nodes[node].ports.size(), static_cast<int>(node));
  SpoolWriter spool(order.spool_folder, record.launch);
  spool.append(launch);
  spool.append(record);
}

}  // namespace podbench::accept
