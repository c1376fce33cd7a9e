#include "bench/section.hpp"

#include <algorithm>
#include <memory>
#include <numeric>
#include <optional>

#include "bench/case_runner.hpp"
#include "bench/control.hpp"
#include "bench/engine.hpp"
#include "results/spool.hpp"
#include "transports/wrap/fault.hpp"
#include "transports/wrap/near.hpp"
#include "transports/wrap/subset.hpp"

namespace podbench {
namespace {

constexpr auto set_up_time = std::chrono::seconds(60);
constexpr auto closing_time = std::chrono::seconds(20);
// Ranks that have no part wait for those that have.
constexpr auto others_time = std::chrono::minutes(30);

// The members' view of the launch; nodes are numbered anew in order of their lowest rank.
LaunchShape shape_of_members(const LaunchShape& whole, const std::vector<int>& members) {
  LaunchShape shape;
  shape.crowded = whole.crowded;
  std::vector<int> seen;
  for (const int member : members) {
    const auto at = static_cast<std::size_t>(member);
    const int node = whole.node_of_rank.at(at);
    const auto place = std::find(seen.begin(), seen.end(), node);
    shape.node_of_rank.push_back(static_cast<int>(place - seen.begin()));
    shape.host_of_rank.push_back(whole.host_of_rank.at(at));
    if (place == seen.end()) seen.push_back(node);
  }
  return shape;
}

// What the lead writes down about one launch before its first case.
LaunchRecord record_launch(const SectionRequest& request, const LaunchShape& shape) {
  LaunchRecord record;
  record.launch = request.launch.launch;
  record.launcher = request.order.launcher;
  record.hosts = shape.host_of_rank;
  record.nodes = shape.node_of_rank;
  const Transport& transport = request.registry.transport(request.registry.find(request.launch.transport));
  for (const auto& [library, version] : transport.versions()) record.versions[library] = version;
  return record;
}

// Ranks of one node read one clock, unless a fault gives one of them its own.
Clocks clocks_of(const LaunchShape& shape, const MeasureSettings& settings, int rank) {
  constexpr std::int64_t wrong_by_ns = 60'000'000'000;
  Clocks clocks{shape.node_of_rank, {}};
  if (settings.faults.empty()) return clocks;
  for (const Fault& fault : parse_faults(settings.faults)) {
    if (fault.kind != FaultKind::clock) continue;
    std::iota(clocks.clock_of_rank.begin(), clocks.clock_of_rank.end(), 0);
    if (fault.rank == rank || fault.rank == Fault::all_ranks) clocks.mine = {wrong_by_ns, fault.drift};
  }
  return clocks;
}

class Section {
 public:
  explicit Section(const SectionRequest& request) : request_(request) {}

  LaunchTally run(const std::vector<NodeRecord>& nodes, Progress& progress) {
    std::unique_ptr<Endpoint> endpoint = open();
    const std::vector<int>& members = request_.launch.members;
    if (members.empty()) {
      const LaunchTally tally = measure(*endpoint, request_.shape, nodes, progress);
      endpoint->close(Deadline::after(closing_time));
      return tally;
    }
    const bool takes_part = std::binary_search(members.begin(), members.end(), request_.rendezvous.rank());
    LaunchTally tally;
    if (takes_part) {
      endpoint = subset_of(std::move(endpoint), members);
      tally = measure_part(*endpoint, nodes, progress);
    }
    request_.rendezvous.fence(Deadline::after(others_time));
    endpoint->close(Deadline::after(closing_time));
    return tally;
  }

 private:
  std::unique_ptr<Endpoint> open() {
    const MeasureSettings& settings = request_.order.settings;
    const OpenRequest opening{{}, Deadline::after(set_up_time), request_.shape.crowded};
    const Registry& registry = request_.registry;
    std::unique_ptr<Endpoint> endpoint =
        registry.open(request_.launch.transport, opening, request_.rendezvous);
    if (const std::string& within = request_.launch.within_nodes; !within.empty()) {
      node_.emplace(request_.rendezvous, ranks_of_own_node(request_.rendezvous));
      endpoint = with_near(std::move(endpoint), registry.open(within, opening, *node_), *node_);
    }
    if (settings.faults.empty()) return endpoint;
    return wrap_with_faults(std::move(endpoint), parse_faults(settings.faults));
  }

  // A stall is told in ranks of the part; whoever judges it knows those of the launch.
  LaunchTally measure_part(Endpoint& endpoint, const std::vector<NodeRecord>& nodes, Progress& progress) {
    const std::vector<int>& members = request_.launch.members;
    try {
      return measure(endpoint, shape_of_members(request_.shape, members), nodes, progress);
    } catch (const StalledError& error) {
      std::vector<int> peers;
      for (const int peer : error.peers()) peers.push_back(members.at(static_cast<std::size_t>(peer)));
      throw StalledError(peers, error.what());
    }
  }

  LaunchTally measure(Endpoint& endpoint, const LaunchShape& shape, const std::vector<NodeRecord>& nodes,
                      Progress& progress) {
    const MeasureSettings& settings = request_.order.settings;
    const Waiter waiter(shape.crowded, std::chrono::nanoseconds(settings.patience_ns));
    Control control(endpoint, waiter);
    CaseRunner runner(endpoint, control, shape, clocks_of(shape, settings, endpoint.rank()), settings,
                      request_.launch.cases);
    if (endpoint.rank() == 0) return lead(control, runner, shape, nodes, progress);
    follow(control, runner);
    return {};
  }

  LaunchTally lead(Control& control, CaseRunner& runner, const LaunchShape& shape,
                   const std::vector<NodeRecord>& nodes, Progress& progress) {
    SpoolWriter spool(request_.order.spool_folder, request_.launch.launch);
    spool.append(record_launch(request_, shape));
    for (const NodeRecord& node : nodes) spool.append(node);
    Engine engine(control, runner, shape, request_.order.settings, request_.launch);
    return Lead(engine, spool, progress, request_.launch).run(request_.order.benchmark_flags);
  }

  const SectionRequest& request_;
  std::optional<NodeRendezvous> node_;  // where messages within nodes go over a transport of their own
};

}  // namespace

LaunchTally run_section(const SectionRequest& request, const std::vector<NodeRecord>& nodes,
                        Progress& progress) {
  return Section(request).run(nodes, progress);
}

}  // namespace podbench
