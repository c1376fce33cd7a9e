// The parts of a page as HTML: what Page puts together. Thread-safety: pure.
#pragma once

#include <string>
#include <vector>

#include "analysis/report/page.hpp"

namespace podbench::report {

// A figure that the plot library draws from the JSON inside it.
[[nodiscard]] std::string live_chart(const Chart& chart, const std::vector<int>& styles);

// The same picture as SVG, for readers and builds without the library: points tell their values in tooltips.
[[nodiscard]] std::string still_chart(const Chart& chart, const std::vector<int>& styles);

// A canvas that page/heat_map.js fills.
[[nodiscard]] std::string heat_map(const HeatMap& map);

[[nodiscard]] std::string sortable_table(const Table& table);

// Samples packed for page/samples.js, and a table of their quantiles.
[[nodiscard]] std::string live_samples(const Samples& samples);
[[nodiscard]] std::string still_samples(const Samples& samples);

// <figcaption> of a figure; <p class=note>, nothing where it is empty.
[[nodiscard]] std::string caption(const std::string& title);
[[nodiscard]] std::string note_below(const std::string& note);

}  // namespace podbench::report
