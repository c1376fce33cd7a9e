// Which piece of a pod makes its flows slow: a sparse solve over all measurements at once.
//
// Model. A suspect (a cable's direction, a cable, a NIC, a node, a switch, a switch's uplinks, a tile, a
// rack) that is slower by a factor exp(θ) slows every flow that leads over it, once θ exceeds the headroom
// that the link had left beside all flows of the set. Of several slow suspects on one path the slowest
// decides a rate; of latencies the extra times add up. Where flows keep to one of several equal paths
// (Spreading::flows), a flow meets a suspect with its share as the probability, and its likelihood is the
// mixture. What is left over is Student's t with 4 degrees of freedom around a baseline that all flows share,
// scaled to the noise that the healthy part shows, so that a single disturbed measurement blames nobody.
//
// Selection. Suspects enter one at a time, the one that raises the likelihood most, while twice the gain
// exceeds the extended Bayesian criterion ln n + 2 ln(p/k) (Chen & Chen, "Extended Bayesian information
// criteria for model selection with large model spaces", Biometrika 95(3), 2008, γ = 1); after each, the
// chosen are refitted, exchanged for others and dropped where that is better (forward–backward greedy: Zhang,
// "Adaptive forward-backward greedy algorithm for learning sparse representations", IEEE Trans. Inf. Theory
// 57(7), 2011). Because larger pieces are suspects of their own, all links of a node are explained by the
// node with one parameter where the data say so. Suspects that exactly the same measurements see are one
// class and named together.
//
// Confidence. The posterior probability of a class among all that could stand in its place, and among nobody,
// with equal priors but for the criterion's. Thread-safety: pure. Units: bit/s and seconds; see the fields.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "analysis/pod/suspects.hpp"

namespace podbench {

struct MeasuredFlow {
  Flow flow;
  double expected = 0,
         measured = 0;        // rate, bit/s; or one-way latency, s. Above 0; a measured rate may be 0: dead
  double uncertainty = 0.01;  // standard deviation relative to `expected`
};

// Flows that ran at the same time.
struct FlowSet {
  std::vector<MeasuredFlow> flows;
};

enum class BlamedQuantity : std::uint8_t { rate, latency };

struct BlameRules {
  double least_slowdown = 0.03;  // relative; what is slow by less is not blamed
  double baseline_most = 0.10;   // all flows together may fall short by so much before it is somebody's fault
  double confidence = 0.95;      // of the interval of an effect
  std::size_t most_blames = 16;
};

struct Candidate {
  Suspect suspect;
  double effect = 0;       // rates: how many times slower, above 1; latencies: extra seconds
  double probability = 0;  // of its class
};

struct Blame {
  // What the measurements cannot tell apart: the likeliest class, larger pieces first, then every class that
  // is not ten times less likely.
  std::vector<Candidate> suspects;
  double confidence = 0;                // that it is one of the suspects
  double effect_lo = 0, effect_hi = 0;  // around the first suspect's effect
  std::size_t measurements = 0;         // that lead over the first suspect
  std::vector<Candidate> alternatives;  // what else it could be, from 1%, the likeliest first
  std::optional<Flow> next;  // the flow to measure alone that tells suspects or alternatives apart best;
                             // none: only exchanging a part does
};

struct BlameReport {
  std::vector<Blame> blames;  // the largest gain first; empty: healthy
  double baseline = 0;        // all flows together: rates, relative shortfall; latencies, seconds
  double noise = 1;           // what is left over, in units of the given uncertainties
  // By index_of(arc): measurements that lead over it, and the smallest slow-down of it alone that these
  // measurements would have shown (as Candidate::effect; infinite where none leads over it).
  std::vector<std::size_t> arc_measurements;
  std::vector<double> arc_smallest_effect;
};

// Caller guarantees: nodes and rails of the flows are the pod's, expected and uncertainty above 0 and finite,
// measured not negative.
[[nodiscard]] BlameReport find_blame(const Pod& pod, std::span<const FlowSet> sets, BlamedQuantity quantity,
                                     const BlameRules& rules = {});

}  // namespace podbench
