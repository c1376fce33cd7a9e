// What text and page say alike. Thread-safety: pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analysis/accept/acceptance.hpp"

namespace podbench::accept {

// "pod lab: FAIL in links: 12 of 480 checks failed".
[[nodiscard]] std::string verdict_text(const Acceptance& acceptance);

// Of all stages. Links speaks for pairs, whose suspects it has tried again.
[[nodiscard]] std::vector<Culprit> culprits_of(const Acceptance& acceptance);

// A sentence a step.
[[nodiscard]] std::vector<std::string> advice(const Acceptance& acceptance);

[[nodiscard]] std::size_t count(const StageReport& report, Outcome outcome);

}  // namespace podbench::accept
