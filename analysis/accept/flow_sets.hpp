// Flows that ran at the same time, with what each should have got and what it got in every launch.
//
// A case of `flows` with a matrix is one set; without one, and `pairs`, each round of the tournament is one.
// Flows between two ranks of a node do not touch the network and are left out.
// Thread-safety: pure. Units: bits a second; times in s.
#pragma once

#include <string>
#include <vector>

#include "analysis/accept/run_view.hpp"

namespace podbench::accept {

struct FlowSeries {
  Flow flow;
  int hops = 0;                         // links on its way
  bool one_path = true;                 // there is no equal one
  double expected_bits_per_second = 0;  // its max–min fair share in the set
  double assured_bits_per_second = 0;   // what it gets at the least; less where a hash chooses its path
  // By launch. The tail is the 99th percentile over the median of a flow's times; empty where none was kept.
  std::vector<double> bits_per_second, seconds, tail;

  [[nodiscard]] bool left_to_hash() const {
    return podbench::left_to_hash(expected_bits_per_second, assured_bits_per_second);
  }
};

struct FlowSetSeries {
  std::string name;  // "round 3", "set0", "apart2", "again1"
  bool again = false, apart = false;
  std::vector<FlowSeries> flows;
};

// Of streams.
[[nodiscard]] std::vector<FlowSetSeries> stream_sets(const RunView& view, Stage stage);
// Of ping-pongs: half round trips, a flow for both directions of a pair.
[[nodiscard]] std::vector<FlowSetSeries> ping_pong_sets(const RunView& view, Stage stage);

}  // namespace podbench::accept
