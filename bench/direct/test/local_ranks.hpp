// Ranks that are threads of this process, for tests of direct programs: memory is a pointer, and a rank that
// waits for long just goes on waiting. Thread-safety: each rank's part is its thread's.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bench/buffers.hpp"
#include "bench/case.hpp"
#include "bench/direct/program.hpp"

namespace podbench::direct {

// Runs `planned` on all its ranks, `rounds` times with other contents, and says what was wrong; empty:
// nothing. A round runs the program `runs` times. `past_caches` as in Setting.
[[nodiscard]] std::string run_locally(const PlannedCase& planned, int rounds, int runs, bool past_caches);

}  // namespace podbench::direct
