// The samples that stand out, by name. Thread-safety: pure.
#pragma once

#include <cstdint>
#include <span>

#include "results/record.hpp"

namespace podbench {

// Remarks the longest three of the samples that are tail_factor times the median, with the time of day at
// which they began, so that they can be found in what else was recorded then. began_ns[i], by a clock that
// shows clock_ns now, belongs to samples_ns[i].
void name_tails(std::span<const std::uint64_t> samples_ns, std::span<const std::int64_t> began_ns,
                std::int64_t clock_ns, CaseRecord& record);

}  // namespace podbench
