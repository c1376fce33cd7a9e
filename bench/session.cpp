#include "bench/session.hpp"

#include <fmt/format.h>

#include <exception>
#include <memory>
#include <utility>

#include "base/affinity.hpp"
#include "bench/executor.hpp"
#include "bench/machine/pinning.hpp"
#include "bench/node_records.hpp"
#include "bench/rendezvous/join.hpp"
#include "bench/rendezvous/store_rendezvous.hpp"
#include "bench/section.hpp"
#include "bench/shared_text.hpp"
#include "transports/cores.hpp"

namespace podbench {
namespace {

constexpr auto set_up_time = std::chrono::seconds(60);

// What is known of the nodes only at the end goes to the last launch.
void append_after(const LaunchOrder& order, const std::vector<NodeRecord>& nodes) {
  if (nodes.empty() || order.launches.empty()) return;
  SpoolWriter spool = SpoolWriter::again(order.spool_folder, order.launches.back().launch);
  for (const NodeRecord& node : nodes) spool.append(node);
}

ExitCode run_sections(const LaunchOrder& order, Rendezvous& rendezvous, const Registry& registry) {
  const SettledLaunch settled = settle_launch(rendezvous, order.settings.binding);
  const LaunchShape& shape = settled.shape;
  const std::vector<NodeRecord>& nodes = settled.nodes;
  Progress progress(order.first_case_number, order.planned_cases, order.began_utc_ns, order.quiet);
  LaunchTally total;
  for (const PlannedLaunch& launch : order.launches) {
    const LaunchTally tally = run_section({order, launch, shape, rendezvous, registry}, nodes, progress);
    total.wrong += tally.wrong;
    total.failed += tally.failed;
  }
  append_after(order, gather_nodes_after(rendezvous, shape));
  if (total.wrong > 0) return ExitCode::check_failed;
  return total.failed > 0 ? ExitCode::not_completed : ExitCode::good;
}

}  // namespace

SettledLaunch settle_launch(Rendezvous& rendezvous, const std::string& wanted_binding) {
  SettledLaunch settled{shape_of(rendezvous), {}};
  LaunchShape& shape = settled.shape;
  const int rank = rendezvous.rank();
  const Binding binding = pin_rank(shape.node_of_rank, rank, wanted_binding);
  const int cores = cores_of_node(rendezvous, Deadline::after(set_up_time));
  shape.crowded = cores_are_shared() || shape.ranks_on_node_of(rank) > cores;
  settled.nodes = gather_nodes_before(rendezvous, shape, binding);
  return settled;
}

void end_launch(Rendezvous& rendezvous, std::exception_ptr broken) {
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
