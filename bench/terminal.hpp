// What standard output is. Thread-safety: pure reads of the system.
#pragma once

namespace podbench {

// Whether colour may be used: a terminal, and NO_COLOR (no-color.org) is not set.
[[nodiscard]] bool terminal_colour();

// Columns of the terminal on standard output; 0 where it is none.
[[nodiscard]] int terminal_width();

}  // namespace podbench
