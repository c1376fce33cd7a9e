// A comparison in the forms that people and tools read. Thread-safety: pure.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "analysis/compare/comparison.hpp"
#include "analysis/findings.hpp"

namespace podbench::compare {

// What the terminal shows: what differs around the sides first, then a table, a line a case.
[[nodiscard]] std::string terminal_text(const Comparison& comparison, bool colour, int width_columns);

// A finding a case and metric (slower fails, undecided is inconclusive), one a case that was left out; what
// only one side has and what differs around them as notes. Inconclusive where no case can be compared.
[[nodiscard]] Findings findings_of(const Comparison& comparison);

// The findings with the environment, geometric means, crossovers, unmatched cases and the tuning table.
[[nodiscard]] nlohmann::ordered_json document_of(const Comparison& comparison, const Findings& findings);

// A page: curves of both sides with their crossovers, ratios, tables.
[[nodiscard]] std::string page_of(const Comparison& comparison);

}  // namespace podbench::compare
