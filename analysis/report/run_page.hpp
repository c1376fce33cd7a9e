// The page of one or more run files: what `podbench report` writes. Verdict, runs, curves, samples, cases,
// matrices, ranks, history, environment, and how it was measured. Thread-safety: pure. Units: nanoseconds,
// decimal GB/s.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/report/page.hpp"
#include "analysis/track/history.hpp"
#include "results/record.hpp"
#include "results/summary.hpp"

namespace podbench::report {

// One run with everything that its file holds.
struct WholeRun {
  RunSummary summary;  // of `run`
  Run run;
};

// Where there are more runs than a page can show whole, the older ones are in its history only.
inline constexpr std::size_t most_whole_runs = 3;
// From so many runs on there is a history.
inline constexpr std::size_t least_history = 3;

struct RunPageRequest {
  std::vector<WholeRun> runs;       // the newest, oldest of them first; at least one
  std::vector<RunSummary> history;  // all, oldest first
  track::History nights;            // the same, for the changes between them; empty: no such section
  Drawing drawing = Drawing::live;
  bool all_samples = false;  // whatever the page's size; else as many as leave it below most_page_bytes
};

// What a page without matrices is kept below where samples can be thinned for it.
inline constexpr std::size_t most_page_bytes = 150'000;

[[nodiscard]] std::string run_page(const RunPageRequest& request);

}  // namespace podbench::report
