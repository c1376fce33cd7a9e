// Runs with known launches, for the tests of comparisons.
#pragma once

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "results/reader.hpp"
#include "results/summary.hpp"

namespace podbench::test {

inline CaseKey key_of(const std::string& transport, const std::string& algorithm, std::uint64_t bytes,
                      int ranks = 4) {
  CaseKey key;
  key.transport = transport;
  key.pattern = "allreduce";
  key.algorithm = algorithm;
  key.datatype = "float32";
  key.op = "sum";
  key.bytes = bytes;
  key.ranks = ranks;
  key.sync = "clock";
  return key;
}

// `launches` launches around `p50_ns` with 0.5% of spread; the 99th percentile lies half as high again.
inline CaseSummary summary_of(const CaseKey& key, double p50_ns, std::size_t launches,
                              std::mt19937_64& random) {
  std::normal_distribution<double> noise(0, 0.005);
  CaseSummary summary;
  summary.key = key;
  summary.launches = launches;
  for (std::size_t i = 0; i < launches; ++i) {
    const double time = p50_ns * std::exp(noise(random));
    summary.points.push_back({static_cast<int>(i), 100, time, time * 1.5});
  }
  summary.p50_ns = p50_ns;
  return summary;
}

inline RunSummary run_of(const std::string& source, std::vector<CaseSummary> cases) {
  RunSummary run;
  run.source = source;
  run.cases = std::move(cases);
  return run;
}

inline RunEnvironment environment_of(const std::string& source) {
  RunEnvironment environment;
  environment.source = source;
  environment.run.program_version = "0.1.0";
  environment.run.git_revision = "abc";
  environment.nodes = {{"node1", {{"kernel.release", "6.1"}, {"cpu.model", "A"}}, {}},
                       {"node2", {{"kernel.release", "6.1"}, {"cpu.model", "A"}}, {}}};
  environment.launches = {{0, "local", {"node1", "node2"}, {0, 1}, {{"libfabric", "1.17"}}}};
  return environment;
}

}  // namespace podbench::test
