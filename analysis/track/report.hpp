// What track says: to people, to CI and monitoring, to scripts, and as a page.
// Thread-safety: pure. Units: in the names.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "analysis/findings.hpp"
#include "analysis/track/judge.hpp"

namespace podbench::track {

// One finding a series and metric. A regression is a failure on the night at which its alert is raised and on
// no other, so that everybody is told once; an improvement passes. Where nothing can be judged the one
// finding is inconclusive.
[[nodiscard]] Findings findings_of(const History& history, const Judgement& judgement);

// For a terminal: what moved tonight, what is suspected, earlier alerts. At most `most_lines` series an
// alert.
[[nodiscard]] std::string terminal_text(const History& history, const Judgement& judgement,
                                        std::size_t most_lines = 10);

// The findings and "nights", "alerts": each with its changes and what they have in common.
[[nodiscard]] nlohmann::ordered_json json_of(const Findings& findings, const History& history,
                                             const Judgement& judgement);

// A self-contained page: the alerts with the history of their series, and a table of all.
[[nodiscard]] std::string html_of(const Findings& findings, const History& history,
                                  const Judgement& judgement);

}  // namespace podbench::track
