// From a suite to launches: every choice multiplied out, checked, and put into the order in which it runs.
// Thread-safety: pure but for the registry, which loads plug-ins. Errors: RequestError for what nobody can
// run (unknown names, sizes that are no whole elements, forbidden rank counts); RunError for a transport that
// was asked for by name and cannot be used here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bench/case.hpp"
#include "bench/suite.hpp"
#include "transports/registry.hpp"

namespace podbench {

struct PlanChoices {
  std::optional<int> launches{};  // in place of the suite's
  std::uint64_t seed = 0;
  std::string filter{};              // regular expression over case names; empty: all
  std::optional<int> fixed_ranks{};  // the size of the launch that this process is already in
};

struct RunPlan {
  std::vector<PlannedLaunch> launches;
  std::vector<std::string> notes;  // what was left out and why, one line each
  [[nodiscard]] std::uint64_t cases() const;
  [[nodiscard]] std::int64_t expected_ns(const MeasureSettings& settings) const;
};

[[nodiscard]] RunPlan make_plan(const Suite& suite, const Registry& registry, const PlanChoices& choices);

}  // namespace podbench
