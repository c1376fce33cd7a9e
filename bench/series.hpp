// What becomes of the problems that one case measures one after the other: the samples, the matrix and the
// impact factors of its record. Thread-safety: pure.
#pragma once

#include <vector>

#include "patterns/pattern.hpp"
#include "results/record.hpp"

namespace podbench {

// One problem's part of a case.
struct CasePart {
  Problem problem;                           // rank 0's
  std::vector<std::uint64_t> samples_ns;     // empty where the case came to an end before
  std::vector<std::uint64_t> rank_ns;        // medians of each rank's own times, of one sample
  std::vector<std::uint64_t> rank_p99_ns{};  // their 99th percentiles
};

// Puts the parts of a case, in the order of the pattern's series, into its record; a case that ended early
// has fewer.
void combine(const Pattern& pattern, const std::vector<CasePart>& parts, CaseRecord& record);

}  // namespace podbench
