// Reads a folder of run files into a History. A file from outside is hostile until checked
// (results/points.hpp). Thread-safety: one thread at a time in a process (fork). Blocks on the disk. Errors:
// RequestError, one line, for a place that is not there or has no run file, and for a file that was named
// itself and cannot be used. A file of a folder that cannot be used is a note and left out.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "analysis/track/history.hpp"

namespace podbench::track {

inline constexpr std::size_t most_nights = 20'000;

// `places`: folders, whose files *.h5 are taken, and run files. `at_once` files' readers run together.
[[nodiscard]] History load_history(const std::vector<std::string>& places, unsigned at_once = 2);

}  // namespace podbench::track
