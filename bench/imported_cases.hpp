// What a schedule from a file means for a request: which algorithm, which rank counts and sizes where the
// person names none; and the proof that must stand before any of it runs.
// Thread-safety: one thread. Errors: RequestError.
#pragma once

#include <set>
#include <span>
#include <utility>
#include <vector>

#include "bench/suite.hpp"
#include "patterns/pattern.hpp"

namespace podbench {

[[nodiscard]] bool is_imported(const Algorithm& algorithm);

// A schedule was given and no algorithm: the schedule is what is meant.
[[nodiscard]] bool means_only_imported(const CaseRequest& request);

// RequestError where the schedule is given for none of these patterns, or is needed and not given.
void check_schedule(const CaseRequest& request, std::span<const Pattern* const> patterns);

// The next size that the schedule's chunks divide.
[[nodiscard]] std::uint64_t divisible_bytes(std::uint64_t bytes, std::size_t element_bytes,
                                            const Parameters& parameters);

// Proves each problem of a schedule once, however many transports and types it runs on.
class ScheduleProofs {
 public:
  // RequestError with the fault. Other algorithms are proved where they are built.
  void demand(const Pattern& pattern, const Algorithm& algorithm, const Problem& problem);

 private:
  std::set<std::pair<const ImportedSchedule*, std::uint64_t>> proved_;
};

}  // namespace podbench
