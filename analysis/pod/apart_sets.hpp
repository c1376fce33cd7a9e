// Sets of flows that each have their whole rate, whichever of its equal paths a flow keeps to.
//
// Where flows keep to one path (Spreading::flows), those of a full set may meet on an uplink while the next
// one is idle, so that little can be asked of any of them. Here no link direction is asked for more than its
// rate though all flows that may use it do. A flow that has less than its rate met something slow.
//
// Over all sets every port sends to three others and receives from three over several paths, where there are
// so many. Ports of a switch send to neighbours, which tables spread evenly over the uplinks (D-mod-K:
// Zahavi, "Fat-trees routing and node ordering providing contention free traffic for MPI global collectives",
// JPDC 72(11), 2012), so that a switch with as many ports as uplinks sends over each about three times:
// enough to blame it. Greedy; about three times as many sets as the flows that may meet on a link are more
// than it holds. Thread-safety: pure.
#pragma once

#include <span>
#include <vector>

#include "analysis/pod/routes.hpp"

namespace podbench {

// Empty where a healthy pod gives all flows of `groups` their fair rates, whatever a hash chooses.
[[nodiscard]] std::vector<std::vector<Flow>> plan_apart(const Pod& pod,
                                                        std::span<const std::vector<Flow>> groups);

}  // namespace podbench
