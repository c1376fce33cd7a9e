// Groups of flows that run at the same time so that, over all groups, every link direction carries what it
// should.
//
// Planned load of a link: with every port sending upwards at its full rate, each switch spreads what reaches
// it evenly over its links upwards, cut to the slowest of them; a link's plan is what then passes it, and no
// more than what its other end can pass on. Oversubscribed links are planned at their rate, oversized ones at
// what their ports can send. Links between two ports (mesh, torus) are planned at their rate, links between
// equal switches at what the ports below either can send.
//
// Groups: a greedy cover of the link directions by sets of flows in which a port sends to at most one other
// and receives from at most one (the greedy cover is within ln n of the fewest sets: Chvátal, Math. of OR
// 4(3), 1979; ours builds its sets and has no such proof). The group takes the directions that still lack
// their plan, uppermost tier first, and fills each with flows between the nearest ports on either side that
// route over it, as long as no link is asked for more than its rate; only where none is left may the last
// flow ask for more. Flows go to the next neighbour around the link's far end, so that full groups are cyclic
// shifts. What a group really puts on a link is then what max–min fair sharing (fair_rates) gives.
// Thread-safety: pure. Units: bit/s; tables by index_of(arc).
#pragma once

#include <vector>

#include "analysis/pod/routes.hpp"

namespace podbench {

struct LinkPlan {
  std::vector<std::vector<Flow>> groups;
  std::vector<double> planned_bits_per_second;  // 0: no traffic between ports can use it
  std::vector<double> reached_bits_per_second;  // the most that one group puts on it
};

[[nodiscard]] std::vector<double> planned_loads(const Pod& pod);
[[nodiscard]] LinkPlan plan_links(const Pod& pod);

// Whether the arc carries its plan in some group, within rounding.
[[nodiscard]] bool exercised(const LinkPlan& plan, Arc arc);

}  // namespace podbench
