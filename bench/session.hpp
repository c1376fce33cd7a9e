// One rank's life in a launch: open the transport, take part in every case, close. The lead also keeps the
// journal. Used by the ranks that a director starts and by those of a user's own mpirun or srun.
// Thread-safety: one thread, once a process.
#pragma once

#include "base/error.hpp"
#include "bench/case.hpp"
#include "transports/registry.hpp"
#include "transports/rendezvous.hpp"

namespace podbench {

// Runs all launches of `order`, which is equal on all ranks. Returns the exit code that the lead's cases
// call for (good elsewhere). Does not return where the launch breaks: the rendezvous then ends it.
[[nodiscard]] ExitCode run_session(const LaunchOrder& order, Rendezvous& rendezvous,
                                   const Registry& registry);

// `podbench rank`: a director's child. Joins, fetches its order, runs it.
[[nodiscard]] ExitCode run_rank();

// The key under which the director leaves the order in the store.
inline constexpr const char* order_key = "order";

}  // namespace podbench
