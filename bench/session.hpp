// One rank's life in a launch: open the transport, take part in every case, close. The lead also keeps the
// journal. Used by the ranks that a director starts and by those of a user's own mpirun or srun.
// Thread-safety: one thread, once a process.
#pragma once

#include <exception>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "bench/case.hpp"
#include "bench/launch_shape.hpp"
#include "results/record.hpp"
#include "transports/registry.hpp"
#include "transports/rendezvous.hpp"

namespace podbench {

// Runs all launches of `order`, which is equal on all ranks. Returns the exit code that the lead's cases
// call for (good elsewhere). Does not return where the launch breaks: the rendezvous then ends it.
[[nodiscard]] ExitCode run_session(const LaunchOrder& order, Rendezvous& rendezvous,
                                   const Registry& registry);

// What a rank does before its first section: binds itself, and finds out who shares its cores and what the
// nodes are. Collective, once a launch.
struct SettledLaunch {
  LaunchShape shape;
  std::vector<NodeRecord> nodes;  // on the lead
};
[[nodiscard]] SettledLaunch settle_launch(Rendezvous& rendezvous, const std::string& binding);

// What broke this rank ends the launch, with as much as is known of whose fault it is.
[[noreturn]] void end_launch(Rendezvous& rendezvous, std::exception_ptr broken);

// `podbench rank`: a director's child. Joins, fetches its order, runs it.
[[nodiscard]] ExitCode run_rank();

// The key under which the director leaves the order in the store.
inline constexpr const char* order_key = "order";

}  // namespace podbench
