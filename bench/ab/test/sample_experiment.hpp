// A small experiment and what its launches measured, without launching anything.
#pragma once

#include <string>
#include <vector>

#include "analysis/statistics.hpp"
#include "bench/ab/experiment.hpp"

namespace podbench {

inline CaseKey sample_key(const std::string& transport, std::uint64_t bytes) {
  CaseKey key;
  key.transport = transport;
  key.pattern = "allreduce";
  key.algorithm = "ring";
  key.datatype = "float32";
  key.op = "sum";
  key.bytes = bytes;
  key.ranks = 2;
  return key;
}

// Two sides that differ in transport, with the same sizes.
inline Experiment sample_experiment(int pairs = 12, const std::vector<std::uint64_t>& sizes = {8, 64, 512}) {
  PlannedSide a, b;
  a.side.letter = 'a';
  b.side.letter = 'b';
  a.side.arguments = {"--transport", "left"};
  b.side.arguments = {"--transport", "right"};
  for (PlannedSide* side : {&a, &b}) {
    side->side.program = "/bin/podbench";
    side->run.launches = 1;
    side->run.expected_ns = 1'000'000;
    for (const std::uint64_t bytes : sizes)
      side->run.cases.push_back(sample_key(side == &a ? "left" : "right", bytes));
  }
  return design(std::move(a), std::move(b), 5, 6, pairs);
}

// A launch of each of the side's cases; every sample of it takes `time_ns`, or `time_ns` + 10 for one in ten.
inline Run sample_half(const PlannedSide& side, std::uint64_t time_ns) {
  Run run;
  run.run.run_id = "sample";
  run.run.complete = true;
  run.run.planned_cases = side.run.cases.size();
  for (int launch = 0; launch < side.run.launches; ++launch)
    run.launches.push_back({launch, "local", {"here", "here"}, {0, 0}, {{"library", "1.0"}}});
  run.nodes.push_back({"here", {{"kernel", "6"}, {"noise.before.quantum_ns", std::to_string(time_ns)}}, {}});
  int count = 0;
  for (CaseKey key : side.run.cases) {
    key.sync = "clock";
    CaseRecord record;
    record.key = key;
    record.launch = count++ % side.run.launches;
    for (std::uint64_t i = 0; i < 40; ++i) record.samples_ns.push_back(time_ns + (i % 10 == 0 ? 10 : 0));
    record.entry_ns = {1, 2};
    record.exit_ns = {3, 4};
    run.cases.push_back(std::move(record));
  }
  return run;
}

inline std::vector<CaseSummary> sample_summaries(const PlannedSide& side, std::uint64_t time_ns) {
  return summarise(sample_half(side, time_ns));
}

}  // namespace podbench
