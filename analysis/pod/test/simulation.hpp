// A pod that is not there, with one faulty part: what its flows would measure. Independent of the solver's
// model: the faulty part's links are slower, and what every flow gets then is max–min fair sharing of what is
// left.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analysis/pod/blame.hpp"
#include "analysis/pod/routes.hpp"
#include "base/random.hpp"

namespace podbench::sample {

struct Noise {
  double sd = 0.01;       // relative, of one measurement; lognormal
  double spikes = 0.005;  // share of measurements that something disturbed
  double spike_most = 0.3;
  double efficiency = 0.95;  // all flows reach this share of what is declared
};

struct Fault {
  Suspect suspect;
  double left =
      0.5;  // its links are slower by one factor; the fullest carries this share of its planned load
};

// The arcs that a suspect stands for.
[[nodiscard]] std::vector<Arc> arcs_of(const Pod& pod, const Suspect& suspect);

// Rates by index_of(arc) with the fault.
[[nodiscard]] std::vector<double> rates_with(const Pod& pod, const std::vector<Fault>& faults);

// What flows get where each keeps to one of its equal paths: the k-th at every branch, counted around, by
// flow. Equal parts of the fullest arc on it.
[[nodiscard]] std::vector<double> rates_on_one_path(const Pod& pod, const std::vector<Flow>& flows,
                                                    const std::vector<std::size_t>& k,
                                                    const std::vector<double>& arc_rates);

// Where flows keep to one path, all that goes to one node takes the same (D-mod-K).
[[nodiscard]] std::vector<Arc> arcs_met(Routes& routes, const Flow& flow);
// What flows get then; else fair shares.
[[nodiscard]] std::vector<double> real_rates(const Pod& pod, const std::vector<Flow>& flows,
                                             const std::vector<double>& arc_rates);

// A tournament of all nodes, both ways, on every rail, the link groups and the sets apart.
[[nodiscard]] std::vector<std::vector<Flow>> acceptance_flows(const Pod& pod);

[[nodiscard]] std::vector<FlowSet> measure(const Pod& pod, const std::vector<std::vector<Flow>>& sets,
                                           const std::vector<Fault>& faults, const Noise& noise,
                                           Random& random);

// A part of the pod that can be faulty, of a kind drawn among those that it has.
[[nodiscard]] Suspect draw_suspect(const Pod& pod, Random& random);

[[nodiscard]] double normal(Random& random);

}  // namespace podbench::sample
