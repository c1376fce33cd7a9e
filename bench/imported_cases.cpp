#include "bench/imported_cases.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "patterns/check.hpp"
#include "patterns/imported/imported_schedule.hpp"

namespace podbench {

bool is_imported(const Algorithm& algorithm) {
  return (algorithm.knobs & knob_schedule) != 0;
}

bool means_only_imported(const CaseRequest& request) {
  return request.parameters.schedule != nullptr && request.algorithms.empty();
}

void check_schedule(const CaseRequest& request, std::span<const Pattern* const> patterns) {
  const ImportedSchedule* schedule = request.parameters.schedule.get();
  const auto named = [&](const Pattern* pattern) {
    return std::ranges::any_of(request.algorithms, [&](const std::string& name) {
      const Algorithm* algorithm = find_algorithm(pattern->name, name);
      return algorithm != nullptr && is_imported(*algorithm);
    });
  };
  const bool by_name = std::ranges::any_of(patterns, named);
  if (schedule == nullptr) {
    if (by_name) throw RequestError("the algorithm imported needs --schedule FILE.xml");
    return;
  }
  if (!by_name && !means_only_imported(request)) return;
  if (std::ranges::find(patterns, schedule->pattern, &Pattern::name) == patterns.end())
    throw RequestError(fmt::format("the schedule {} is for {}; --pattern {} would be right",
                                   schedule->source.name, schedule->pattern, schedule->pattern));
}

std::uint64_t divisible_bytes(std::uint64_t bytes, std::size_t element_bytes, const Parameters& parameters) {
  const std::uint64_t unit = std::uint64_t{parameters.schedule->chunks} * element_bytes;
  return (bytes + unit - 1) / unit * unit;
}

void ScheduleProofs::demand(const Pattern& pattern, const Algorithm& algorithm, const Problem& problem) {
  if (!is_imported(algorithm)) return;
  const ImportedSchedule* schedule = problem.parameters.schedule.get();
  if (!proved_.emplace(schedule, problem.count).second) return;
  if (const auto fault = check(pattern, algorithm, problem))
    throw RequestError(fmt::format("the schedule {} is no {} of {} elements: {}", schedule->source.name,
                                   pattern.name, problem.count, fault->what));
}

}  // namespace podbench
