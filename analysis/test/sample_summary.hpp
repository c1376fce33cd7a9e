// Two transports, two sizes: what the tests of tables and exports show.
#pragma once

#include "results/summary.hpp"

namespace podbench::test {

inline RunSummary sample_summary() {
  RunSummary run;
  run.source = "runs/monday.h5";
  run.run.run_id = "id-1";
  run.run.started_utc = "2026-01-02T03:04:05Z";
  run.run.program_version = "0.1.0";
  for (const char* transport : {"shm", "tcp"}) {
    for (const std::uint64_t bytes : {std::uint64_t{64}, std::uint64_t{1} << 20}) {
      CaseSummary summary;
      summary.key.transport = transport;
      summary.key.pattern = "allreduce";
      summary.key.algorithm = "ring";
      summary.key.datatype = "float32";
      summary.key.op = "sum";
      summary.key.bytes = bytes;
      summary.key.ranks = 4;
      summary.key.sync = "barrier";
      summary.p50_ns = transport[0] == 's' ? 500 : 1'500;
      summary.ci_lo_ns = summary.p50_ns * 0.99;
      summary.ci_hi_ns = summary.p50_ns * 1.01;
      summary.algbw_gbps = static_cast<double>(bytes) / summary.p50_ns;
      summary.n = 100;
      summary.launches = 2;
      summary.points = {{0, 50, summary.p50_ns - 1, 600}, {1, 50, summary.p50_ns + 1, 600}};
      run.cases.push_back(summary);
    }
  }
  run.cases[3].status = CaseStatus::not_converged;
  return run;
}

}  // namespace podbench::test
