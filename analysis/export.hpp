// Run files for other tools. Thread-safety: pure. Errors: RequestError for an unknown format's name.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "results/summary.hpp"

namespace podbench {

// "csv": a line a case; "json": the run and its cases, times in ns; "gbench": Google Benchmark's JSON, for
// its compare.py and everything else that reads it; "openmetrics": a gauge a statistic, labels from the case.
enum class ExportFormat { csv, json, gbench, openmetrics };
[[nodiscard]] ExportFormat parse_export_format(std::string_view name);
[[nodiscard]] std::vector<std::string> export_formats();

// The document, ending with a line break.
[[nodiscard]] std::string export_run(const RunSummary& run, ExportFormat format);

}  // namespace podbench
