// Parts of the lines that findings say. Internal to analysis/telemetry. Thread-safety: pure.
#pragma once

#include <string>

#include "analysis/telemetry/view.hpp"

namespace podbench {

// "from 12.3 s to 15.8 s", seconds since the run's first moment.
[[nodiscard]] std::string span_in_words(std::int64_t from_ns, std::int64_t to_ns, std::int64_t origin_ns);

// ", during NAME" with the first case, and how many more; nothing where none is known.
[[nodiscard]] std::string cases_in_words(const CaseSpans& spans, std::int64_t from_ns, std::int64_t to_ns);

// A count without decimals, any other number with four digits.
[[nodiscard]] std::string amount_in_words(double amount);

}  // namespace podbench
