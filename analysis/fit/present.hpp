// What a fit has to say, in the forms of docs/cli.md.
// Thread-safety: pure. Units: in the names, seconds and bytes a second in findings and JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>

#include "analysis/findings.hpp"
#include "analysis/fit/model.hpp"

namespace podbench::fit {

// A finding a curve (and one a piece where it has several), a transport's LogGP and a pair. A curve is
// inconclusive where fewer than three sizes leave nothing to check a line by, or where half of its sizes are
// more than 10% off.
[[nodiscard]] Findings fit_findings(std::span<const FittedRun> runs);

// The findings, and under "fits" all points, pieces and switches.
[[nodiscard]] nlohmann::ordered_json fit_object(std::span<const FittedRun> runs, const Findings& findings);

struct TextStyle {
  bool colour = false;
  int width_columns = 0;  // 0: unlimited
};
[[nodiscard]] std::string fit_text(std::span<const FittedRun> runs, const TextStyle& style);

[[nodiscard]] std::string fit_html(std::span<const FittedRun> runs, const Findings& findings);

// Words that all of the forms use.
[[nodiscard]] std::string verdict_of(const FittedCurve& fitted);
// "9 sizes, 6 launches, residuals 1.3% (median) to 4.4% (16KiB)"
[[nodiscard]] std::string evidence_of(const FittedCurve& fitted);
// "between 4KiB and 8KiB: +35%"
[[nodiscard]] std::string words_of(const Switch& change);
[[nodiscard]] std::string pair_name(const Curve& curve,
                                    const FittedPair& pair);  // "0-3", "0>3" where directed

}  // namespace podbench::fit
