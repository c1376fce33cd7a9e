// What every OpenMetrics text of ours needs. Thread-safety: pure.
#pragma once

#include <string>
#include <string_view>

namespace podbench {

// A label's value, escaped.
[[nodiscard]] std::string openmetrics_label(std::string_view text);

}  // namespace podbench
