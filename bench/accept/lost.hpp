// What becomes of an acceptance whose launch broke: what was finished stays, and the file says who was lost.
// Thread-safety: one thread; blocks on the disk.
#pragma once

#include <filesystem>

#include "bench/accept/order.hpp"
#include "bench/launch/launch.hpp"

namespace podbench::accept {

// The stage that was under way, from what is in the spool.
[[nodiscard]] Stage stage_under_way(const AcceptOrder& order, const Run& run, const Pod& pod);

// Adds a launch to the spool with one case of that stage, status failed, its note the words of blame, its
// option "lost" the node where one is known.
void keep_loss(const AcceptOrder& order, const Pod& pod, const LaunchOutcome& outcome);

}  // namespace podbench::accept
