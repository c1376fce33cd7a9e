// The command lines by which each launcher starts ranks.
// Thread-safety: pure but for the environment. Errors: RequestError for a request that cannot be served.
#pragma once

#include <string>
#include <vector>

#include "bench/launch/child_process.hpp"
#include "bench/launch/launch.hpp"
#include "bench/rendezvous/store_server.hpp"

namespace podbench {

// A process that the director starts: one rank itself, or what brings ranks about.
struct Starter {
  ChildRequest child{};
  std::string name{};  // "mpirun", "ssh to node07"; empty where the child is the rank itself
  int first_rank = 0;
  int ranks = 1;
};

// Whether ranks may run on other hosts than this one.
[[nodiscard]] bool reaches_other_hosts(const LaunchRequest& request);

[[nodiscard]] std::vector<Starter> starters_of(const LaunchRequest& request, const StoreServer& store);

}  // namespace podbench
