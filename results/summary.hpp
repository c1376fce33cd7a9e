// One row of statistics a case, over all its launches: what /summary of a run file holds and tables print.
// analysis/statistics.hpp computes it; results/ only stores and reads it.
// Thread-safety: values. Units: in the names; times are per operation (a sample divided by its operations
// and by the pattern's time divisor); gbps is 10^9 bytes per second. NaN where there is no sample or, for a
// bus bandwidth, no such quantity.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "results/record.hpp"

namespace podbench {

// One launch of a case: the replicate that comparisons count.
struct LaunchPoint {
  int launch = 0;
  std::uint64_t n = 0;
  double p50_ns = 0, p99_ns = 0;
  friend bool operator==(const LaunchPoint&, const LaunchPoint&) = default;
};

struct CaseSummary {
  static constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
  CaseKey key;
  CaseStatus status = CaseStatus::good;           // the worst of its launches
  std::uint64_t launches = 0;                     // with at least one sample
  std::uint64_t n = 0;                            // valid samples of all launches
  std::uint64_t invalid = 0;                      // rounds dropped because a rank arrived late
  double p50_ns = nothing;                        // median of the launches' medians
  double ci_lo_ns = nothing, ci_hi_ns = nothing;  // 95% interval of p50
  // Over the samples of all launches together.
  double min_ns = nothing, p90_ns = nothing, p99_ns = nothing, p999_ns = nothing, max_ns = nothing;
  double mean_ns = nothing, sd_ns = nothing;
  double algbw_gbps = nothing, busbw_gbps = nothing;  // from p50
  // Medians over the launches of the load's impact factors.
  double impact_mean = nothing, impact_p99 = nothing;
  double clock_error_ns = 0;                 // the largest of its launches
  double bound_rounds = 0, bound_bytes = 0;  // the pattern's lower bounds
  std::vector<LaunchPoint> points;           // launches with a sample, by launch number
  std::string note;                          // why skipped or failed, flags in words
};

// A run without its samples: enough for every table.
struct RunSummary {
  std::string source;  // the file it came from
  RunRecord run;
  std::vector<CaseSummary> cases;  // in the order of /cases
  std::string name{};              // what tables call it; empty: the file's name without its ending
};

// The distinct cases of a run, in order of first appearance: the rows of /cases. summarise() of
// analysis/statistics.hpp and the store both follow this order.
[[nodiscard]] std::vector<CaseKey> distinct_cases(const Run& run);

}  // namespace podbench
