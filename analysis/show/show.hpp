// `podbench show` beside the terminal: findings for CI and monitoring, and a page with tables and curves.
// Thread-safety: pure. Errors: RequestError for a request that cannot be served (analysis/table.hpp).
#pragma once

#include <span>
#include <string>

#include "analysis/findings.hpp"
#include "analysis/table.hpp"

namespace podbench {

// A finding a case shown: fail where its data were wrong or it failed, inconclusive where it did not converge
// or ran beside other load, skipped where it was skipped. Its measures are the values asked for, in base
// units; where none were asked for all there are.
[[nodiscard]] Findings show_findings(std::span<const RunSummary> runs, const ShowRequest& request);

// The pivots as sortable tables, each with its curves where the key down is a number; without a pivot one
// table of all cases, and curves over bytes for what ran at several sizes.
[[nodiscard]] std::string show_html(std::span<const RunSummary> runs, const ShowRequest& request);

}  // namespace podbench
