// What `ab` has found, for people and for programs.
// Thread-safety: pure. Units: times in nanoseconds of one operation, in documents in seconds; ratios are b /
// a.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "analysis/findings.hpp"
#include "bench/ab/campaign.hpp"
#include "bench/ab/experiment.hpp"
#include "bench/ab/ledger.hpp"

namespace podbench {

struct AbReport {
  const Experiment& experiment;
  const std::vector<AbCase>& cases;
  CampaignResult result;
  int pairs = 0;               // whole ones
  std::string file_a, file_b;  // run files; empty where a side has none
};

// A finding a case. fail: slower, at the median or at the 99th percentile, or wrong data; inconclusive: the
// median is undecided; skipped: no sample on a side.
[[nodiscard]] Findings ab_findings(const AbReport& report);

[[nodiscard]] std::string ab_terminal(const AbReport& report, const Findings& findings, bool colour,
                                      int width_columns);
[[nodiscard]] nlohmann::ordered_json ab_json(const AbReport& report, const Findings& findings);
[[nodiscard]] std::string ab_html(const AbReport& report, const Findings& findings);

}  // namespace podbench
