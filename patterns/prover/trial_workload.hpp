// The training step that stands for all of them when the way they are put together is proved. Thread-safety:
// pure.
#pragma once

#include <cstdint>
#include <memory>

#include "patterns/pattern.hpp"

namespace podbench::prover {

// Parts of every kind that a step can have: reducing and moving, even and uneven, rooted, across nodes, with
// scratch and without, repeated and single. Parsed once.
[[nodiscard]] const std::shared_ptr<const Workload>& trial_workload();

// The factor at which its parts have about `count` elements each.
[[nodiscard]] double trial_scale(std::uint64_t count);

}  // namespace podbench::prover
