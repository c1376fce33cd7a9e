// The data check of a case: known contents in, the pattern's contract out. Outside every timed part.
// Thread-safety: pure but for the buffers, which are the caller's.
#pragma once

#include <optional>

#include "bench/buffers.hpp"
#include "bench/case.hpp"

namespace podbench {

// Writes this rank's input for `round` (other contents every round, so that a stale buffer shows) and spoils
// the output, so that what was never written shows too.
void fill(const CaseBuffers& buffers, const PlannedCase& planned, int rank, std::uint64_t round);

// Holds this rank's output against the contract; the first wrong element, and how many in all.
[[nodiscard]] std::optional<WrongData> check_output(const CaseBuffers& buffers, const PlannedCase& planned,
                                                    const Problem& problem, std::uint64_t round);

}  // namespace podbench
