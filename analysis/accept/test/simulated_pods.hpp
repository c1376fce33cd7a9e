// Small pods of the shapes that acceptance is tried on, and faults to plant in them.
#pragma once

#include <string>
#include <utility>

#include "analysis/accept/test/simulated_run.hpp"
#include "analysis/pod/test/sample_pods.hpp"

namespace podbench::accept::sample {

// With limits of every kind.
[[nodiscard]] std::pair<std::string, Pod> draw_pod(Random& random);

// A fault of a kind drawn, or none with probability ¼; a link fault slows by enough that some flow must miss
// its limit.
[[nodiscard]] Scenario draw_scenario(const Pod& pod, double most_noise, Random& random);

// Whether an acceptance has to see it: some flow of pairs or links is slower by more than the limits allow.
[[nodiscard]] bool visible(const Pod& pod, const podbench::sample::Fault& fault);

}  // namespace podbench::accept::sample
