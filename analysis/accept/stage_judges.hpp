// A judge a stage: what its records say of the pod. Internal to analysis/accept.
// Thread-safety: pure. Each gives a report without outcome; judge.cpp puts the parts together.
#pragma once

#include <set>
#include <string>

#include "analysis/accept/acceptance.hpp"
#include "analysis/accept/run_view.hpp"

namespace podbench::accept {

[[nodiscard]] StageReport judge_inventory(const RunView& view);
[[nodiscard]] StageReport judge_nodes(const RunView& view);
// `slow`: nodes that were found slow by themselves; what else is slow about them follows from it.
[[nodiscard]] StageReport judge_pairs(const RunView& view, const std::set<int>& slow);
[[nodiscard]] StageReport judge_links(const RunView& view, const std::set<int>& slow);
[[nodiscard]] StageReport judge_scale(const RunView& view);
[[nodiscard]] StageReport judge_congestion(const RunView& view);
[[nodiscard]] StageReport judge_soak(const RunView& view, const std::set<int>& slow);

// What stopped the stage or spoilt its data: lost nodes, hung ranks, wrong elements.
void add_trouble(const RunView& view, StageReport& report);

// The self-consistency guidelines among the collectives of a stage (guidelines.cpp).
void add_guidelines(const RunView& view, StageReport& report);

// The nodes that the report names for themselves rather than for a part of the network.
[[nodiscard]] std::set<int> blamed_nodes(const StageReport& report);

// A blame that rests on one node alone.
[[nodiscard]] Blame blame_of_node(int node, Way way, double effect, double confidence);

// Collects checks, those that did not pass first; of those that passed so many are listed, and a note says
// how many more there were.
inline constexpr std::size_t most_passing_checks = 4'000;
void add_checks(std::vector<Check> checks, StageReport& report);

}  // namespace podbench::accept
