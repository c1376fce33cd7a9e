// What scale shares with its guidelines and with congestion. Thread-safety: pure. Units: in the names.
#pragma once

#include <string>

#include "analysis/accept/run_view.hpp"

namespace podbench::accept {

// "allreduce/ring 1MiB on rack2, 8 ranks".
[[nodiscard]] std::string name_of(const CaseSeries& series);

// Whether every launch has a time; what a file leaves out cannot be judged.
[[nodiscard]] bool timed(const CaseSeries& series);

// The least time in which the links let the case's data through; 0 where none crosses them.
[[nodiscard]] double ceiling_seconds(const RunView& view, const CaseSeries& series);

}  // namespace podbench::accept
