// Benjamini & Hochberg's false discovery rate (1995). Thread-safety: pure.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace podbench::track {

// The q-value of each p-value, where `family` hypotheses were tested and all that are not given had p-values
// above these: the smallest rate at which the hypothesis is rejected. family is at least the number given.
[[nodiscard]] std::vector<double> q_values(std::span<const double> p_values, std::size_t family);

}  // namespace podbench::track
