// Small pods of the shapes that acceptance is tried on, and faults to plant in them.
#pragma once

#include <string>

#include "analysis/accept/test/simulated_run.hpp"
#include "analysis/pod/test/sample_pods.hpp"

namespace podbench::accept::sample {

struct DrawnPod {
  std::string shape;
  Pod pod;
  bool redraws = false;  // every launch's connections choose their paths anew
};

// With limits of every kind.
[[nodiscard]] DrawnPod draw_pod(Random& random);

// A fault of a kind drawn, or none with probability ¼; a link fault slows by enough that some flow must miss
// its limit. Where paths are drawn anew, only links are faulty.
[[nodiscard]] Scenario draw_scenario(const DrawnPod& drawn, double most_noise, Random& random);

}  // namespace podbench::accept::sample
