// What is slow now and then, because every new connection draws one of several equal paths.
//
// Where one uplink of K is slow and connections draw anew in every launch (ECMP), a flow is slow in one
// launch of K, and its median never. Flows of a set apart have their whole rate on any path of a healthy pod;
// so of all flows and launches that had to choose among the uplinks of a switch 1/K are slow, where none
// should be. A quarter of that is the limit, and never less than 0.75%; to it comes the share of slow
// launches among flows without a choice, which is what the machines do. A flow that is slow in all launches
// is left out, and one flow alone fails nothing: that is its port's matter, or a table's. Bounds of a share:
// Clopper & Pearson, "The use of confidence or fiducial limits", Biometrika 26(4), 1934, one-sided, with
// look_error dealt evenly to the looks. Thread-safety: pure.
#pragma once

#include <vector>

#include "analysis/accept/checks.hpp"
#include "analysis/accept/flow_sets.hpp"

namespace podbench::accept {

// A flow in every launch: whether it was slow.
struct SlowLaunches {
  Flow flow;
  std::vector<bool> slow;
};

// A check for the uplinks of each switch, upwards and downwards, among which some flow of `apart` chose.
// `usual`: flows without a choice.
[[nodiscard]] std::vector<Check> check_drawn_paths(const Pod& pod, const std::vector<SlowLaunches>& apart,
                                                   const std::vector<SlowLaunches>& usual);

// Each launch of the sets apart as a set of its own.
[[nodiscard]] std::vector<FlowSetSeries> apart_by_launch(const std::vector<FlowSetSeries>& sets);

}  // namespace podbench::accept
