// What a person is told at the end of a run about nodes that were noisy while it went on.
// Thread-safety: pure. Errors: none; attributes that are no figures are left out.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "results/record.hpp"

namespace podbench {

// One line for each node from which a noise test before or after some launch found more time missing than is
// tolerable (noise.hpp), with the worst of all launches. The nodes are those of a merged run: what
// record_noise() wrote, that of later launches behind "launch.K.".
[[nodiscard]] std::vector<std::string> noise_warnings(std::span<const NodeRecord> nodes);

}  // namespace podbench
