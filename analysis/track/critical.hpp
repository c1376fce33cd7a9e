// How improbable the largest deviate of a scan is while nothing changed: tail probabilities simulated for the
// length of the scan (critical_table.inc, made by tables/make_critical.cpp, which says how).
// Thread-safety: pure. Units: probabilities of one scan, both directions together.
#pragma once

#include <cstddef>

namespace podbench::track {

// P(the scan of n nights reaches `deviate` or more). Between tabulated lengths linear in log n, between
// tabulated probabilities, and beyond the smallest, linear in log p over the squared deviate, as normal tails
// nearly are. 1 below least_window nights.
[[nodiscard]] double scan_p_value(std::size_t n, double deviate);

// The deviate whose scan_p_value is p; infinity where no order of n nights is so improbable.
[[nodiscard]] double critical_deviate(std::size_t n, double p);

}  // namespace podbench::track
