// What `podbench run --dry-run` says to other programs: the cases that would run, as JSON or CSV. `ab` asks
// each of its sides, which may be another build of podbench, in this way.
// Thread-safety: pure. Units: in the names. Errors: RequestError for a text that is no such document.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "results/record.hpp"

namespace podbench {

struct PlannedRun {
  // What is known only once they run is left empty: `sync` where it is chosen by itself; `nodes` is 1.
  std::vector<CaseKey> cases;  // distinct
  int launches = 0;            // of ranks: one a transport, rank count and replicate
  std::int64_t expected_ns = 0;
};

// {"launches", "expected_ns", "cases": [{"name", "transport", …, "options": {}}]}
[[nodiscard]] std::string plan_json(const PlannedRun& plan);
// A line a case.
[[nodiscard]] std::string plan_csv(const PlannedRun& plan);

[[nodiscard]] PlannedRun parse_plan(std::string_view json);

}  // namespace podbench
