#include "bench/session.hpp"

#include <fmt/format.h>

#include <exception>
#include <memory>
#include <numeric>
#include <utility>

#include "base/affinity.hpp"
#include "bench/case_runner.hpp"
#include "bench/control.hpp"
#include "bench/engine.hpp"
#include "bench/lead.hpp"
#include "bench/machine/pinning.hpp"
#include "bench/node_records.hpp"
#include "bench/rendezvous/join.hpp"
#include "bench/rendezvous/store_rendezvous.hpp"
#include "bench/shared_text.hpp"
#include "transports/cores.hpp"
#include "transports/wrap/fault.hpp"

namespace podbench {
namespace {

constexpr auto set_up_time = std::chrono::seconds(60);
constexpr auto closing_time = std::chrono::seconds(20);

// What the lead writes down about one launch before its first case.
LaunchRecord record_launch(const LaunchOrder& order, const PlannedLaunch& launch, const LaunchShape& shape,
                           const Transport& transport) {
  LaunchRecord record;
  record.launch = launch.launch;
  record.launcher = order.launcher;
  record.hosts = shape.host_of_rank;
  record.nodes = shape.node_of_rank;
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

// One launch of the session: one transport, opened afresh.
class Section {
 public:
  Section(const LaunchOrder& order, const PlannedLaunch& launch, const LaunchShape& shape,
          Rendezvous& rendezvous, const Registry& registry)
      : order_(order), launch_(launch), shape_(shape), rendezvous_(rendezvous), registry_(registry) {}

  LaunchTally run(const std::vector<NodeRecord>& nodes, Progress& progress) {
    std::unique_ptr<Endpoint> endpoint = open();
    const int rank = rendezvous_.rank();
    const Waiter waiter(shape_.crowded, std::chrono::nanoseconds(order_.settings.patience_ns));
    LaunchTally tally;
    {
      Control control(*endpoint, waiter);
      CaseRunner runner(*endpoint, control, shape_, clocks_of(shape_, order_.settings, rank), order_.settings,
                        launch_.cases);
      if (rank == 0)
        tally = lead(control, runner, nodes, progress);
      else
        follow(control, runner);
    }
    endpoint->close(Deadline::after(closing_time));
    return tally;
  }

 private:
  std::unique_ptr<Endpoint> open() {
    const OpenRequest request{{}, Deadline::after(set_up_time), shape_.crowded};
    std::unique_ptr<Endpoint> endpoint = registry_.open(launch_.transport, request, rendezvous_);
    if (order_.settings.faults.empty()) return endpoint;
    return wrap_with_faults(std::move(endpoint), parse_faults(order_.settings.faults));
  }

  LaunchTally lead(Control& control, CaseRunner& runner, const std::vector<NodeRecord>& nodes,
                   Progress& progress) {
    SpoolWriter spool(order_.spool_folder, launch_.launch);
    spool.append(
        record_launch(order_, launch_, shape_, registry_.transport(registry_.find(launch_.transport))));
    for (const NodeRecord& node : nodes) spool.append(node);
    Engine engine(control, runner, shape_, order_.settings, launch_);
    return Lead(engine, spool, progress, launch_).run(order_.benchmark_flags);
  }

  const LaunchOrder& order_;
  const PlannedLaunch& launch_;
  const LaunchShape& shape_;
  Rendezvous& rendezvous_;
  const Registry& registry_;
};

// What is known of the nodes only at the end goes to the last launch.
void append_after(const LaunchOrder& order, const std::vector<NodeRecord>& nodes) {
  if (nodes.empty() || order.launches.empty()) return;
  SpoolWriter spool = SpoolWriter::again(order.spool_folder, order.launches.back().launch);
  for (const NodeRecord& node : nodes) spool.append(node);
}

ExitCode run_sections(const LaunchOrder& order, Rendezvous& rendezvous, const Registry& registry) {
  LaunchShape shape = shape_of(rendezvous);
  const int rank = rendezvous.rank();
  const Binding binding = pin_rank(shape.node_of_rank, rank, order.settings.binding);
  const int cores = cores_of_node(rendezvous, Deadline::after(set_up_time));
  shape.crowded = cores_are_shared() || shape.ranks_on_node_of(rank) > cores;
  const std::vector<NodeRecord> nodes = gather_nodes_before(rendezvous, shape, binding);
  Progress progress(order.first_case_number, order.planned_cases, order.began_utc_ns, order.quiet);
  LaunchTally total;
  for (const PlannedLaunch& launch : order.launches) {
    const LaunchTally tally = Section(order, launch, shape, rendezvous, registry).run(nodes, progress);
    total.wrong += tally.wrong;
    total.failed += tally.failed;
  }
  append_after(order, gather_nodes_after(rendezvous, shape));
  if (total.wrong > 0) return ExitCode::check_failed;
  return total.failed > 0 ? ExitCode::not_completed : ExitCode::good;
}

// What broke this rank ends the launch, with as much as is known of whose fault it is.
[[noreturn]] void end_launch(Rendezvous& rendezvous, std::exception_ptr broken) {
  std::vector<int> stalled;
  int blamed = rendezvous.rank();
  std::string what;
  try {
    std::rethrow_exception(std::move(broken));
  } catch (const StalledError& error) {
    stalled = error.peers();
    what = error.what();
  } catch (const LostPeer& error) {
    blamed = error.rank();
    what = error.what();
  } catch (const std::exception& error) {
    what = error.what();
  }
  if (!stalled.empty()) rendezvous.report_stall(stalled, what);
  rendezvous.abort(blamed, what);
  std::terminate();  // GCC 12 does not see that a virtual function never returns
}

}  // namespace

ExitCode run_session(const LaunchOrder& order, Rendezvous& rendezvous, const Registry& registry) {
  std::exception_ptr broken;
  try {
    return run_sections(order, rendezvous, registry);
  } catch (...) {
    broken = std::current_exception();
  }
  end_launch(rendezvous, std::move(broken));
}

ExitCode run_rank() {
  const std::unique_ptr<Rendezvous> rendezvous = join_launch(Deadline::after(set_up_time));
  const Registry registry;
  const LaunchOrder order = LaunchOrder::from_json(
      lookup_text(*rendezvous, director_rank, order_key, Deadline::after(set_up_time)));
  return run_session(order, *rendezvous, registry);
}

}  // namespace podbench
