// The sections of a run page (run_page.hpp), one function each. Thread-safety: pure.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "analysis/columns.hpp"
#include "analysis/report/run_page.hpp"

namespace podbench::report {

// One case of one run, with all that its file holds of it.
struct ShownCase {
  const WholeRun* run;
  const CaseSummary* summary;
  std::vector<const CaseRecord*> records;  // a launch each
  [[nodiscard]] TableCase table_case() const { return {&run->summary, summary}; }
};

// Every case of every whole run, in the order of the files.
[[nodiscard]] std::vector<ShownCase> shown_cases(const std::vector<WholeRun>& runs);

// The keys of which the cases hold more than one value, in the order of key_columns(); what is the same
// everywhere needs no words. `run` and `started` never count both.
[[nodiscard]] std::vector<const KeyColumn*> differing_keys(const std::vector<ShownCase>& cases);

// "ring · shm · 4 ranks": the case's values of these keys.
[[nodiscard]] std::string label_of(const ShownCase& one, const std::vector<const KeyColumn*>& keys);

[[nodiscard]] Cell text_cell(std::string text, Tone tone = Tone::plain);
[[nodiscard]] Cell number_cell(double value, Unit unit, Tone tone = Tone::plain);
[[nodiscard]] Tone tone_of(CaseStatus status);

void add_runs(Page& page, const RunPageRequest& request);
void add_curves(Page& page, const std::vector<ShownCase>& cases);
void add_samples(Page& page, const std::vector<ShownCase>& cases, std::size_t most_bytes);
void add_case_table(Page& page, const std::vector<ShownCase>& cases);
void add_matrices(Page& page, const std::vector<ShownCase>& cases);
void add_lateness(Page& page, const std::vector<ShownCase>& cases);
// Of the newest run; nothing where it has none.
void add_telemetry(Page& page, const std::vector<WholeRun>& runs, const std::vector<ShownCase>& cases);
void add_history(Page& page, const track::History& history);
void add_environment(Page& page, const std::vector<WholeRun>& runs);
void add_method(Page& page, const std::vector<ShownCase>& cases);

}  // namespace podbench::report
